#!/bin/bash
# Ends with 75 if the running Qdrant was started without tokens. One that takes them answers a token that nobody signed with 403;
# one that does not takes it for a wrong key (401).
# $1: the HTTP port
token=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
exec 3<>"/dev/tcp/127.0.0.1/$1" || exit 1
printf 'GET /collections HTTP/1.0\r\napi-key: %s\r\n\r\n' "$token" >&3
read -r -t 5 line <&3
case $line in
  *' 403 '*) exit 0 ;;
  *' 401 '*)
    echo "it has run since before apps had tokens of their own"
    exit 75
    ;;
esac
echo "it answers ${line%?} to a token that nobody signed"
exit 1
