# shellcheck shell=sh
# What the programs of the example share: how they ask the services. Their addresses and keys are in the environment.

cr=$(printf '\r')

# Sends a text and prints what comes back. $1: host; $2: port; $3: the text
talk() {
  REQUEST=$3 nc "$1" "$2" -e /app/send.sh 3>&1
}

# Prints what Redis answers to a command, a value on a line. $1: the command, on one line; "..." around a value with spaces
redis() {
  talk redis 6379 "AUTH $REDIS_USER $REDIS_PASSWORD$cr
$1$cr
QUIT$cr" | tr -d '\r' | sed -e '1d;$d' -e '/^[*$][-0-9]/d'
}

# Prints the body of an HTTP answer. $1: host; $2: port; $3: method; $4: path; $5: header with the key; $6: body
http() {
  talk "$1" "$2" "$3 $4 HTTP/1.0$cr
Host: $1$cr
$5$cr
Content-Type: application/json$cr
Content-Length: ${#6}$cr
$cr
$6" | sed "1,/^$cr*\$/d"
}

qdrant() { http qdrant 6333 "$1" "$2" "api-key: $QDRANT_KEY" "$3"; }
vikunja() { http caddy 8000 "$1" "/vikunja/api/v1$2" "Authorization: Bearer $VIKUNJA_TOKEN" "$3"; }
consul() { http consul 8500 "$1" "$2" "X-Consul-Token: $CONSUL_TOKEN" "$3"; }

# In place of an embedding: four numbers that follow from the text. $1: the text
vector() {
  printf %s "$1" | sha256sum | sed -E 's/^(..)(..)(..)(..).*/0x\1 0x\2 0x\3 0x\4/' | {
    read -r a b c d
    echo "[$((a)), $((b)), $((c)), $((d))]"
  }
}

# Says that this worker is well: its health check looks how old this is.
alive() { touch /tmp/alive; }

# Answers an HTTP request. $1: content type; the body comes on stdin
answer() {
  printf 'HTTP/1.1 200 OK\r\nContent-Type: %s\r\nConnection: close\r\n\r\n' "$1"
  cat
}

# Reads the head of an HTTP request from stdin; what it says has the names of CGI (RFC 3875).
request() {
  read -r _ target _
  PATH_INFO=${target%%\?*}
  QUERY_STRING=$(printf %s "${target#"$PATH_INFO"}" | tr -cs 'A-Za-z0-9=' ' ' | sed 's/^ *q=//; s/ *$//')
  HTTP_SEC_WEBSOCKET_KEY=
  CONTENT_LENGTH=0
  while read -r line; do
    line=${line%"$cr"}
    [ -n "$line" ] || break
    case $line in
      [Ss]ec-[Ww]eb[Ss]ocket-[Kk]ey:*) HTTP_SEC_WEBSOCKET_KEY=${line#*: } ;;
      [Cc]ontent-[Ll]ength:*) CONTENT_LENGTH=${line#*: } ;;
    esac
  done
  export PATH_INFO QUERY_STRING HTTP_SEC_WEBSOCKET_KEY CONTENT_LENGTH
}
