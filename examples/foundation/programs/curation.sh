#!/bin/sh
# Stands in for the curation worker: takes each question from the bus once, and keeps it in its library.
. /app/common.sh
redis "XGROUP CREATE bus:questions curation 0 MKSTREAM" >/dev/null
echo "the curation worker takes questions from the bus"
while :; do
  alive
  # One message: the stream's name, its id, then field and value.
  redis "XREADGROUP GROUP curation worker COUNT 1 BLOCK 5000 STREAMS bus:questions >" | tr ' ' _ | paste -s -d ' ' - |
    while read -r _ id _ question; do
      [ -n "$question" ] || continue
      echo "$question" | tr _ ' ' >"/library/$id"
      redis "XACK bus:questions curation $id" >/dev/null
      redis "SET agent:curation \"$id\"" >/dev/null
      echo "curated $id"
    done
done
