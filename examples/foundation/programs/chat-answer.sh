#!/bin/sh
# One request to the chat.
. /app/common.sh
request
if [ -n "$HTTP_SEC_WEBSOCKET_KEY" ]; then
  accept=$(printf '%s258EAFA5-E914-47DA-95CA-C5AB0DC85B11' "$HTTP_SEC_WEBSOCKET_KEY" | sha1sum | cut -d ' ' -f 1 | xxd -r -p | base64)
  printf 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n' "$accept"
  while :; do
    count=$(redis "XLEN bus:questions" | tr -d :)
    # A text frame: 0x81, its length, itself.
    printf '\201'
    printf "\\$(printf %o "${#count}")"
    printf %s "$count"
    sleep 1
  done
fi
case $PATH_INFO in
  /health) echo ok | answer text/plain ;;
  *)
    answer text/html <<HTML
<!doctype html>
<title>Chat</title>
<p>A small program in the place of Chainlit. Questions so far: <b id="count">?</b></p>
<script>
  new WebSocket(location.href.replace("http", "ws").replace(/\/*$/, "/ws")).onmessage = ({ data }) => (count.textContent = data);
</script>
HTML
    ;;
esac
