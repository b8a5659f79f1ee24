#!/bin/sh
# Makes Postgres' cluster, Vikunja's role and its database if they are not there, and gives both roles their passwords. Works
# on the files with the server stopped, so that it needs neither a network nor the old passwords. Safe to repeat. sh and
# busybox tools, as both the Alpine and the Debian image have them.
# $1: how messages call the volume; $2: its mount point; $3: the cluster's directory; $4: the lock file that whoever works on
# the cluster holds; $5: postgresql.conf; $6: statements for the roles; $7: the superuser; $8: Vikunja's role and database
set -u
fail() {
  echo "$1" >&2
  exit 1
}
title=$1
data=$2
cluster=$3
lock=$4
conf=$5
roles=$6
superuser=$7
vikunja=$8
major=$(postgres -V | sed 's/[^0-9]*\([0-9]*\).*/\1/')
# The server's own lock is a process number, which means nothing in another container (start.sh takes this one too).
{ exec 9>>"$lock" && flock -n 9; } || fail "$title is in use by another container"
[ ! -e "$data/PG_VERSION" ] || fail "$title has a database cluster at its top: move everything in it into a directory named pgdata"

# initdb and postgres --single ask for the name of their own uid, which no line of the image's /etc/passwd has.
for library in /usr/lib/libnss_wrapper.so /usr/lib/*/libnss_wrapper.so; do [ -s "$library" ] && break; done
echo "$superuser:x:$(id -u):$(id -g):::" >/tmp/passwd
echo "$superuser:x:$(id -g):" >/tmp/group
export LD_PRELOAD="$library" NSS_WRAPPER_PASSWD=/tmp/passwd NSS_WRAPPER_GROUP=/tmp/group

if [ ! -e "$cluster" ]; then
  # Left over by a run that was cut off; the rename is the last step.
  rm -rf "$cluster.new"
  initdb -D "$cluster.new" --username="$superuser" --encoding=UTF8 --locale=C.UTF-8 --data-checksums --auth=reject >/tmp/said 2>&1 ||
    fail "initdb: $(tail -n 3 /tmp/said | tr '\n' ' ')"
  mv "$cluster.new" "$cluster"
  echo "$title: new database cluster of PostgreSQL $major"
fi
holds=$(cat "$cluster/PG_VERSION" 2>/dev/null)
[ "$holds" = "$major" ] || fail "$title holds data of PostgreSQL ${holds:-?} and the image is PostgreSQL $major: name an image of the same major version under images.refs.postgres, or dump with the old one and restore into a new volume"

# A server that was killed leaves its process number; the lock says that nobody is at work.
rm -f "$cluster/postmaster.pid"
single() {
  postgres --single -c config_file="$conf" -c shared_buffers=16MB -c log_min_messages=error -c log_min_error_statement=panic "$superuser" >/tmp/said 2>&1
  ended=$?
  problem=$(grep -E 'FATAL:|PANIC:|ERROR:' /tmp/said | head -n 1)
  [ "$ended" = 0 ] && [ -z "$problem" ] || fail "postgres --single ended with $ended: ${problem:-$(tail -n 1 /tmp/said)}"
}
single <"$roles"
echo 'SELECT datname FROM pg_database' >/tmp/sql
single </tmp/sql
if ! grep -q "datname = \"$vikunja\"" /tmp/said; then
  echo "CREATE DATABASE $vikunja OWNER $vikunja;" >/tmp/sql
  single </tmp/sql
  echo "$title: new database $vikunja"
fi
echo "REVOKE ALL ON DATABASE $vikunja FROM PUBLIC;" >/tmp/sql
single </tmp/sql
