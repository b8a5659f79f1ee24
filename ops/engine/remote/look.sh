#!/bin/sh
# look.sh SOCKETS...: run by a shell on the engine's machine. Which of these sockets are there, and whether this user may use
# them; relative ones are below the user's runtime directory. What a login shell prints besides is not marked.
runtime=${XDG_RUNTIME_DIR:-/run/user/$(id -u)}
for socket in "$@"; do
  case $socket in
    /*) ;;
    *) socket=$runtime/$socket ;;
  esac
  [ -S "$socket" ] || continue
  if [ -r "$socket" ] && [ -w "$socket" ]; then
    echo "xnai usable $socket"
  else
    echo "xnai denied $socket"
  fi
done
PATH=$PATH:/usr/sbin:/sbin
for program in dockerd podman; do
  command -v "$program" >/dev/null && echo "xnai installed $program"
done
echo "xnai user $(id -un)"
