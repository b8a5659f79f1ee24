#!/bin/sh
# Cuts what Redis cannot read off the end of its append-only file: on a copy, which takes the place of the original only when
# Redis' own check finds it whole. The original is kept beside it. Does nothing to a file that is whole. Run while Redis is stopped.
# $1: the data directory
set -u
fail() {
  echo "$1" >&2
  exit 1
}
log=appendonlydir
manifest=appendonly.aof.manifest
copy=$log.repaired
cd "$1" || fail "$1 is not there"
[ -s $log/$manifest ] || exit 0
redis-check-aof $log/$manifest >/dev/null 2>&1 && exit 0

rm -rf $copy
cp -a $log $copy || fail "there is no room for a copy of $log, without which it is not repaired"
said=$(echo y | redis-check-aof --fix $copy/$manifest 2>&1) && redis-check-aof $copy/$manifest >/dev/null 2>&1 || {
  rm -rf $copy
  fail "$log is damaged in a way that redis-check-aof cannot repair; nothing was changed. It says: $(echo "$said" | tail -n 1)"
}
bytes() {
  total=0
  for file in "$1"/*.aof "$1"/*.rdb; do [ -e "$file" ] && total=$((total + $(wc -c <"$file"))); done
  echo $total
}
before=$(bytes $log)
after=$(bytes $copy)
kept=$log.damaged-$(date -u +%Y%m%dT%H%M%SZ)
mv $log "$kept" && mv $copy $log || fail "$log cannot be replaced: the repaired one is in $copy"
echo "the append-only file was damaged: $((before - after)) of its $before bytes, from the damage to the end, are cut off; the file as it was is kept in $kept"
