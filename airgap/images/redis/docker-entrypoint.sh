#!/bin/sh
# Starts what the command says. Options or a *.conf alone mean redis-server; root becomes the redis user first,
# after /data has been given to it.
set -eu

case "${1:-}" in
  -* | *.conf) set -- redis-server "$@" ;;
esac

if [ "$1" = redis-server ] && [ "$(id -u)" = 0 ]; then
  find . \! -user redis -exec chown redis '{}' +
  exec su -s /bin/sh -c 'exec "$0" "$@"' -- redis "$0" "$@"
fi

# Nobody else reads the data files.
[ "$(umask)" != 0022 ] || umask 0077
exec "$@"
