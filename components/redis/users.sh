#!/bin/sh
# Brings the users of apps in the running Redis in step with the file that it reads when it starts. A user whose password has
# changed is made anew, which ends the connections of whoever had the old one; one that has not changed notices nothing.
# Commands go through standard input: arguments can be read by everybody on the machine.
# $1: users.acl; $2: the file with the password of the health check
set -uf
password=$(printf 'acl %s' "$(cat "$2")" | sha256sum)
REDISCLI_AUTH=${password%% *}
export REDISCLI_AUTH
ask() {
  redis-cli -h 127.0.0.1 --user acl --no-auth-warning 2>&1
}

there=$(echo 'ACL LIST' | ask)
case $there in
  *'user acl on '*) ;;
  *WRONGPASS*)
    grep -q '^user app-' "$1" || exit 0
    echo "it has run since before apps had users of their own"
    exit 75
    ;;
  *)
    echo "Redis does not tell of its users: $there" >&2
    exit 1
    ;;
esac

wanted() {
  grep '^user app-' "$1" | while read -r _ name _ hash rights; do
    case $(printf '%s\n' "$there" | grep "^user $name ") in
      '' | *" $hash "*) ;;
      *) echo "ACL DELUSER $name" ;;
    esac
    printf '%s\n' "ACL SETUSER $name reset on $hash $rights"
  done
}
unwanted() {
  printf '%s\n' "$there" | grep '^user app-' | while read -r _ name _; do
    grep -q "^user $name " "$1" || echo "ACL DELUSER $name"
  done
}
commands=$(wanted "$1" && unwanted "$1")
[ -n "$commands" ] || exit 0
refused=$(printf '%s\n' "$commands" | ask | grep -vE '^(OK|[01])$')
[ -z "$refused" ] || {
  echo "Redis refuses a user: $refused" >&2
  exit 1
}
