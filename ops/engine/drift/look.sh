#!/bin/sh
# Says which of some directories are empty, and marks the others as prepared (components/engine/tasks/prepare.sh). For busybox;
# run as root. $@: pairs of a directory and how messages call it
set -u
while [ $# -gt 0 ]; do
  path=$1
  if [ -n "$(find "$path" -mindepth 1 -maxdepth 1 ! -name '.xnai*' ! -name lost+found | head -n 1)" ]; then
    true >"$path/.xnai" && chown "$(stat -c '%u:%g' "$path")" "$path/.xnai"
  else
    echo "$2"
  fi
  shift 2
done 2>/dev/null
exit 0
