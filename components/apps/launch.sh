#!/bin/sh
# Starts a program with the secrets of its environment, in its own place: signals and the exit code are the program's own. Run
# by the busybox beside it, so that the image needs no shell. $1: the file that sets them; then the program and its arguments.
# shellcheck source=/dev/null
. "$1"
shift
unset SHLVL
program=$1
case $program in
  */*) ;;
  *)
    # By its path: busybox would take the name of one of its own programs for itself.
    IFS=:
    for folder in $PATH; do
      [ -f "$folder/$program" ] && [ -x "$folder/$program" ] || continue
      program=$folder/$program
      break
    done
    unset IFS
    ;;
esac
if ! [ -e "$program" ]; then
  echo "the image has no program $1, which entrypoint and command name" >&2
  exit 127
fi
shift
exec "$program" "$@"
