#!/bin/sh
# One request to the RAG API.
. /app/common.sh
request
case $PATH_INFO in
  /health) echo ok | answer text/plain ;;
  /api/ask)
    found=$(qdrant POST /collections/foundation/points/search "{\"vector\": $(vector "$QUERY_STRING"), \"limit\": 1, \"with_payload\": true}" |
      sed -n 's/.*"text":"\([^"]*\)".*/\1/p')
    redis "XADD bus:questions MAXLEN ~ 1000 * question \"$QUERY_STRING\"" >/dev/null
    echo "{\"question\": \"$QUERY_STRING\", \"context\": \"$found\"}" | answer application/json
    ;;
  /api/documents)
    bytes=$(head -c "$CONTENT_LENGTH" | wc -c)
    echo "$bytes" | answer text/plain
    ;;
  /api/events)
    # Server-sent events: how many questions were asked, every second.
    while :; do
      printf 'data: %s\n\n' "$(redis "XLEN bus:questions" | tr -d :)"
      sleep 1
    done | answer text/event-stream
    ;;
  *) echo "The RAG API. Ask it: /api/ask?q=what finds alike" | answer text/plain ;;
esac
