#!/bin/sh
# Stands in for the RAG API: knows three sentences, which it keeps in Qdrant.
. /app/common.sh

id=0
for text in "Redis carries what agents tell each other" "Qdrant finds what is alike" "Vikunja knows what is to be done"; do
  id=$((id + 1))
  qdrant PUT "/collections/foundation/points?wait=true" \
    "{\"points\": [{\"id\": $id, \"vector\": $(vector "$text"), \"payload\": {\"text\": \"$text\"}}]}" >&2
done
echo "the RAG API listens on 8000"
exec nc -ll -p 8000 -e /app/rag-api-answer.sh
