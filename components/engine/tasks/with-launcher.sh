#!/bin/sh
# Prepares a service, and then puts this busybox beside its configuration files, where its container starts and asks it by it.
# $1: the text of prepare.sh, $2: its name; then what prepare.sh takes: $3 is the owner, $4 where the configuration goes.
sh -c "$@" || exit
file=$4/busybox
cp /proc/self/exe "$file" && chmod 0500 "$file" && chown "$3" "$file" || {
  echo "the launcher cannot be written" >&2
  exit 1
}
