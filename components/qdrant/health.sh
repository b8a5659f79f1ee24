#!/bin/bash
# Well when Qdrant is ready and closed: 401 without a key, and 401 with an empty one, which an empty key in the configuration
# would accept. bash, because it can open a connection itself: the image has no curl, wget or nc.
# $1: the HTTP port
port=$1
ask() { # path, expected status, header to send empty
  exec 3<>"/dev/tcp/127.0.0.1/$port" || exit 1
  printf 'GET %s HTTP/1.0\r\n%b\r\n' "$1" "${3:+$3:\r\n}" >&3
  read -r -t 3 line <&3 || exit 1
  exec 3<&-
  [[ $line == *" $2 "* ]] || {
    echo "$1 ${3:+with an empty $3 }answers ${line%?}, not $2"
    exit 1
  }
}
ask /readyz 200
ask /collections 401
ask /collections 401 api-key
