#!/bin/bash
# Starts Postgres on PGDATA and makes the database cluster first if there is none. Understands of the official image:
# POSTGRES_PASSWORD, POSTGRES_USER, POSTGRES_DB and POSTGRES_INITDB_ARGS (each also as NAME_FILE),
# POSTGRES_HOST_AUTH_METHOD, *.sql, *.sql.gz and *.sh in /docker-entrypoint-initdb.d, any uid, and root (which gives
# the directories to the postgres user and goes on as that user).
set -Eeuo pipefail

fail() {
  printf 'docker-entrypoint: %s\n' "$*" >&2
  exit 1
}

# Gives the variable $1 the content of the file that $1_FILE names, or $2.
from_file() {
  local file=$1_FILE
  if [ -n "${!file:-}" ]; then
    [ -z "${!1:-}" ] || fail "both $1 and $file are set: choose one"
    printf -v "$1" '%s' "$(<"${!file}")"
  elif [ -z "${!1:-}" ]; then
    printf -v "$1" '%s' "$2"
  fi
}

become_postgres() {
  mkdir -p "$PGDATA" /var/run/postgresql
  chmod 700 "$PGDATA"
  find "$PGDATA" /var/run/postgresql \! -user postgres -exec chown postgres '{}' +
  exec su -s /bin/bash -c 'exec "$0" "$@"' -- postgres "$0" "$@"
}

# initdb asks for the name of its own uid; nss_wrapper answers when /etc/passwd cannot.
name_this_uid() {
  grep -q "^[^:]*:[^:]*:$(id -u):" /etc/passwd && return
  NSS_WRAPPER_PASSWD=$(mktemp) && NSS_WRAPPER_GROUP=$(mktemp) || fail "/tmp cannot be written: mount a tmpfs there"
  export NSS_WRAPPER_PASSWD NSS_WRAPPER_GROUP LD_PRELOAD=libnss_wrapper.so
  printf 'postgres:x:%s:%s:PostgreSQL:%s:/bin/false\n' "$(id -u)" "$(id -g)" "$PGDATA" >"$NSS_WRAPPER_PASSWD"
  printf 'postgres:x:%s:\n' "$(id -g)" >"$NSS_WRAPPER_GROUP"
}

forget_this_uid() {
  [ -n "${NSS_WRAPPER_PASSWD:-}" ] || return 0
  rm -f "$NSS_WRAPPER_PASSWD" "$NSS_WRAPPER_GROUP"
  unset LD_PRELOAD NSS_WRAPPER_PASSWD NSS_WRAPPER_GROUP
}

# shellcheck disable=SC2120 # its arguments are made below
make_cluster() {
  local method=${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}
  [ -n "$POSTGRES_PASSWORD" ] || [ "$method" = trust ] || fail "POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE is needed"
  # shellcheck disable=SC2086 # several arguments in one variable
  eval "set -- $POSTGRES_INITDB_ARGS"
  initdb --username="$POSTGRES_USER" --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") "$@"
  printf '\nhost all all all %s\n' "$method" >>"$PGDATA/pg_hba.conf"
}

sql() {
  PGPASSWORD=$POSTGRES_PASSWORD psql -v ON_ERROR_STOP=1 --no-psqlrc --username "$POSTGRES_USER" "$@"
}

# Databases and scripts, on a server that only the socket reaches, so that a check over TCP fails until all is done.
fill_cluster() {
  local file
  pg_ctl -w -o "-c listen_addresses=" start
  if [ "$POSTGRES_DB" != postgres ]; then
    sql --dbname postgres --set db="$POSTGRES_DB" <<<'CREATE DATABASE :"db"'
  fi
  for file in /docker-entrypoint-initdb.d/*; do
    # shellcheck disable=SC1090 # what the user mounts
    case "$file" in
      *.sh) if [ -x "$file" ]; then "$file"; else . "$file"; fi ;;
      *.sql) sql --dbname "$POSTGRES_DB" -f "$file" ;;
      *.sql.gz) gunzip -c "$file" | sql --dbname "$POSTGRES_DB" ;;
    esac
  done
  pg_ctl -w -m fast stop
}

# Whether postgres is only asked about itself.
only_asked() {
  local argument
  for argument; do
    case "$argument" in --help | -\? | --version | -V | --describe-config) return 0 ;; esac
  done
  return 1
}

case "${1:-}" in -*) set -- postgres "$@" ;; esac
if [ "${1:-}" = postgres ] && ! only_asked "$@"; then
  [ "$(id -u)" != 0 ] || become_postgres "$@"
  from_file POSTGRES_PASSWORD ''
  from_file POSTGRES_USER postgres
  from_file POSTGRES_DB "$POSTGRES_USER"
  from_file POSTGRES_INITDB_ARGS ''
  export POSTGRES_PASSWORD POSTGRES_USER POSTGRES_DB
  if [ ! -s "$PGDATA/PG_VERSION" ]; then
    name_this_uid
    make_cluster
    forget_this_uid
    fill_cluster
  fi
  unset POSTGRES_PASSWORD
fi
exec "$@"
