#!/bin/bash
# docker.sh [OPTION...]: Docker as root, on its usual paths; files in options are those of this folder.
cd "$(dirname "$0")" || exit
exec dockerd "$@"
