#!/bin/bash
# podman.sh SOCKET: Podman's API on its usual socket, as root or as the user who calls it.
set -eu
mkdir -p "$(dirname "$1")"
export PODMAN_IGNORE_CGROUPSV1_WARNING=1
exec podman --cgroup-manager cgroupfs system service --time 0 "unix://$1"
