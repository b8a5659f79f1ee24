#!/bin/sh
# Looks, as an app sees it, for what it names of the machine and does not get at. $1: this busybox; $2: what the app calls the
# machine; then ports; then --; then pairs of "read" or "write" and a path.
busybox=$1
machine=$2
shift 2
"$busybox" sed -n "s/[[:space:]]*$machine.*/ address/p" /etc/hosts
while [ $# -gt 0 ] && [ "$1" != -- ]; do
  # Connects, and ends as the program ends that then takes the connection over.
  { "$busybox" nc -w 2 "$machine" "$1" -e "$busybox" true </dev/null >/dev/null 2>&1 || echo "$1 silent"; } &
  shift
done
shift
while [ $# -gt 0 ]; do
  [ -r "$2" ] || echo "$2 unreadable"
  [ "$1" = read ] || [ -w "$2" ] || echo "$2 unwritable"
  shift 2
done
wait
