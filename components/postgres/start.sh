#!/bin/sh
# The server as process 1, with the lock of whoever works on the cluster.
# $1: the lock file; $2: postgresql.conf
{ exec 9>>"$1" && flock -n 9; } || {
  echo "the database cluster is in use by another container" >&2
  exit 1
}
exec postgres -c "config_file=$2"
