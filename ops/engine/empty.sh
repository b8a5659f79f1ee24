#!/bin/sh
# Deletes everything in some directories, and leaves the directories. For busybox; run as root. $@: the directories
set -u
for path in "$@"; do
  find "$path" -mindepth 1 -maxdepth 1 -exec rm -rf {} + && [ -z "$(ls -A "$path")" ] || {
    echo "$path still holds: $(ls -A "$path" | head -n 3 | tr '\n' ' ')" >&2
    exit 1
  }
done
