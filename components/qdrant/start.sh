#!/bin/bash
# Starts Qdrant, unless its configuration file is missing, unreadable or has a key of less than 32 characters: without a key
# the server lets everybody in. bash, because the image's only other shell is dash, which cannot match patterns like this.
# $1: the configuration file
keyed='api_key: "[A-Za-z0-9]{32,}".*read_only_api_key: "[A-Za-z0-9]{32,}"'
[[ $(<"$1") =~ $keyed ]] || {
  echo "$1 has no usable keys: not started, because Qdrant would let everybody in" >&2
  exit 1
}
exec ./qdrant --config-path "$1"
