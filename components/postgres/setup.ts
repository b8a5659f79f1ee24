// The Job between preparation and start of Postgres: makes the cluster, Vikunja's role and its database if they are not
// there, and gives both roles their passwords. Works on the files with the server stopped, so that it needs neither a
// network nor the old passwords. Safe to repeat. Pure.
import { scratch } from "../definition/container.ts";
import { configPath } from "../definition/service.ts";
import type { SetupTask } from "../definition/task.ts";
import { clusterPath, confFile, dataPath, lockFile } from "./postgresql-conf.ts";
import { superuser, vikunjaRole } from "./roles.ts";

/**
 * Whoever works on the cluster holds this lock, in whichever container (start.sh too): the server's own lock is a process
 * number, which means nothing in another container.
 */
const lock = `exec 9>> ${lockFile} && flock -n 9`;

// sh and busybox tools, as both the Alpine and the Debian image have them; `fail` comes from job.ts.
const script = `
title=$1
major=$(postgres -V | sed 's/[^0-9]*\\([0-9]*\\).*/\\1/')
${lock} || fail "$title is in use by another container"
[ ! -e ${dataPath}/PG_VERSION ] || fail "$title has a database cluster at its top: move everything in it into a directory named pgdata"

# initdb and postgres --single ask for the name of their own uid, which no line of the image's /etc/passwd has.
for library in /usr/lib/libnss_wrapper.so /usr/lib/*/libnss_wrapper.so; do [ -s "$library" ] && break; done
echo "${superuser}:x:$(id -u):$(id -g):::" > /tmp/passwd
echo "${superuser}:x:$(id -g):" > /tmp/group
export LD_PRELOAD=$library NSS_WRAPPER_PASSWD=/tmp/passwd NSS_WRAPPER_GROUP=/tmp/group

if [ ! -e ${clusterPath} ]; then
  # Left over by a run that was cut off; the rename is the last step.
  rm -rf ${clusterPath}.new
  initdb -D ${clusterPath}.new --username=${superuser} --encoding=UTF8 --locale=C.UTF-8 --data-checksums --auth=reject > /tmp/said 2>&1 ||
    fail "initdb: $(tail -n 3 /tmp/said | tr '\\n' ' ')"
  mv ${clusterPath}.new ${clusterPath}
  echo "$title: new database cluster of PostgreSQL $major"
fi
holds=$(cat ${clusterPath}/PG_VERSION 2> /dev/null)
[ "$holds" = "$major" ] || fail "$title holds data of PostgreSQL \${holds:-?} and the image is PostgreSQL $major: name an image of the same major version under images.refs.postgres, or dump with the old one and restore into a new volume"

# A server that was killed leaves its process number; the lock says that nobody is at work.
rm -f ${clusterPath}/postmaster.pid
single() {
  postgres --single -c config_file=${confFile} -c shared_buffers=16MB -c log_min_messages=error -c log_min_error_statement=panic ${superuser} > /tmp/said 2>&1
  ended=$?
  problem=$(grep -E 'FATAL:|PANIC:|ERROR:' /tmp/said | head -n 1)
  [ "$ended" = 0 ] && [ -z "$problem" ] || fail "postgres --single ended with $ended: \${problem:-$(tail -n 1 /tmp/said)}"
}
single < ${configPath}/roles.sql
echo 'SELECT datname FROM pg_database' > /tmp/sql
single < /tmp/sql
if ! grep -q 'datname = "${vikunjaRole}"' /tmp/said; then
  echo 'CREATE DATABASE ${vikunjaRole} OWNER ${vikunjaRole};' > /tmp/sql
  single < /tmp/sql
  echo "$title: new database ${vikunjaRole}"
fi
echo 'REVOKE ALL ON DATABASE ${vikunjaRole} FROM PUBLIC;' > /tmp/sql
single < /tmp/sql
exec 9>&-
`.trim();

/** What the task runs. */
export const postgresSetup: SetupTask = (titles) => ({
  script,
  args: Object.values(titles),
  tmpfs: { "/tmp": scratch(16) },
  memoryMiB: 256,
});
