#!/usr/bin/dumb-init /bin/sh
# shellcheck shell=sh
# `agent ...` becomes consul with the image's directories; another word that is no program is a consul command.
# A container started as root gives the directories to the consul user and goes on as that user, unless
# CONSUL_DISABLE_PERM_MGMT is set.
set -eu

data=${CONSUL_DATA_DIR:-/consul/data}
config=${CONSUL_CONFIG_DIR:-/consul/config}

# The IPv4 address of an interface.
address_of() {
  ip -o -4 addr list "$1" | awk 'NR == 1 { sub("/.*", "", $4); print $4 }'
}

case "${1:-}" in
  agent)
    shift
    [ -z "${CONSUL_CLIENT_INTERFACE:-}" ] || set -- "-client=$(address_of "$CONSUL_CLIENT_INTERFACE")" "$@"
    [ -z "${CONSUL_BIND_INTERFACE:-}" ] || set -- "-bind=$(address_of "$CONSUL_BIND_INTERFACE")" "$@"
    [ -z "${CONSUL_LOCAL_CONFIG:-}" ] || printf '%s' "$CONSUL_LOCAL_CONFIG" >"$config/local.json"
    set -- consul agent "-data-dir=$data" "-config-dir=$config" "$@"
    ;;
  -*) set -- consul "$@" ;;
  *) command -v "$1" >/dev/null || set -- consul "$@" ;;
esac

if [ "$1" = consul ] && [ "$(id -u)" = 0 ] && [ -z "${CONSUL_DISABLE_PERM_MGMT+set}" ]; then
  for folder in "$data" "$config"; do
    [ "$(stat -c %U "$folder")" = consul ] || chown consul:consul "$folder"
  done
  exec su -s /bin/sh -c 'exec "$0" "$@"' -- consul "$@"
fi
exec "$@"
