#!/bin/sh
# Stands in for the curation worker: takes each question from the bus once, and keeps it in its library.
. /app/common.sh
redis "XGROUP CREATE bus:questions curation 0 MKSTREAM" >/dev/null
echo "the curation worker takes questions from the bus"
while :; do
  alive
  # The stream's name, the message's id, then field and value.
  set -- $(redis "XREADGROUP GROUP curation worker COUNT 1 BLOCK 5000 STREAMS bus:questions >" | tr '\n ' ' _')
  [ $# -ge 4 ] || continue
  echo "$4" | tr _ ' ' >"/library/$2"
  redis "XACK bus:questions curation $2" >/dev/null
  redis "SET agent:curation \"$2\"" >/dev/null
  echo "curated $2"
done
