#!/bin/bash
# docker.sh [OPTION...]: Docker as root, on its usual paths.
exec dockerd "$@"
