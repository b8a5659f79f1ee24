#!/bin/sh
# Compares Consul's store with the stack's tokens: names those that it refuses, and says "earlier" when it knows more than one
# management token. Tokens go through standard input: arguments can be read by everybody on the machine.
# $1: file with a name and a token in each line, the management token first; $2: Consul's HTTP port
port=$2

# $1: path; $2: token
ask() {
  printf 'GET /v1/acl/%s HTTP/1.0\r\nX-Consul-Token: %s\r\n\r\n' "$1" "$2" | nc 127.0.0.1 "$port"
}

while read -r name token; do
  case $(ask token/self "$token" | head -n 1) in
    *' 403 '*) echo "$name" ;;
  esac
  # Consul makes the management token of its configuration by itself, also in a store that was restored.
  if [ "$name" = management ] && [ "$(ask tokens "$token" | grep -o '"Initial Management Token"' | wc -l)" -gt 1 ]; then
    echo earlier
  fi
done <"$1"
