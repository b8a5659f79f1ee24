#!/bin/bash
# docker-29.sh PROGRAMS: the Docker of that folder as root, on its usual paths, with IPv6 in every network as people switch it on.
# crun: a runc of its time does not start anything under control groups v1.
exec "$1/dockerd" --userland-proxy-path "$1/docker-proxy" --add-runtime crun=/usr/bin/crun --default-runtime crun \
  --default-network-opt bridge=com.docker.network.enable_ipv6=true
