#!/bin/sh
# Stands in for the watcher: says when an agent comes, goes or is not well.
. /app/common.sh
was=
while :; do
  now=$(redis "KEYS agent:*" | sort | tr '\n' ' ')
  [ "$now" = "$was" ] || echo "agents with a state: ${now:-none}"
  was=$now
  alive
  sleep 5
done
