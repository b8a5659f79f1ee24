#!/bin/sh
# Gives data to its owner, and puts configuration files where a service can read them and nobody else can. Changes only what
# is wrong, counts it, never deletes data, and is safe to repeat. For busybox; run as root, with the service stopped.
# $1: uid:gid of the owner; $2: where the configuration goes, or nothing; $3: who writes the data (real, stand-in or any);
# then pairs of a directory and how messages call it; then --; then BYTES:NAME of each configuration file, which has so many
# bytes at least. The files come on standard input as a tar archive.
set -u
fail() {
  echo "$1" >&2
  exit 1
}
keep=.xnai
stand_in=.xnai-standin
owner=$1
config=$2
writer=$3
shift 3
uid=${owner%:*}
gid=${owner#*:}
while [ $# -gt 0 ] && [ "$1" != -- ]; do
  path=$1
  title=$2
  shift 2
  [ -d "$path" ] || fail "$title is not a directory"
  fresh=
  if [ "$(ls -A "$path" | wc -c)" -eq 0 ]; then
    # The engine gives a volume that is still empty the owner of the image's directory when the service mounts it.
    fresh=1
    true >"$path/$keep" || fail "$title cannot be written"
  fi
  if [ -z "$(find "$path" -mindepth 1 -maxdepth 1 ! -name '.xnai*' | head -n 1)" ]; then
    if [ "$writer" != stand-in ]; then
      rm -f "$path/$stand_in"
    elif [ ! -e "$path/$stand_in" ]; then
      true >"$path/$stand_in" || fail "$title cannot be written"
    fi
  elif [ "$writer" = stand-in ] && [ ! -e "$path/$stand_in" ]; then
    fail "$title holds data of the real software, and this stack runs a stand-in for it, which does not touch such data: set images.source, or give the stack another prefix"
  elif [ "$writer" = real ] && [ -e "$path/$stand_in" ]; then
    fail "$title holds data that a stand-in wrote, which the real software cannot use: give the stack another prefix, or remove the data"
  fi
  wrong=$(find "$path" ! '(' -user "$uid" -group "$gid" ')' -print0 | tr -dc '\000' | wc -c)
  if [ "$wrong" -gt 0 ]; then
    were=$(find "$path" ! '(' -user "$uid" -group "$gid" ')' -exec stat -c '%u:%g' {} + | sort -u | head -n 3 | tr '\n' ' ')
    total=$(find "$path" -print0 | tr -dc '\000' | wc -c)
    said=$(find "$path" ! '(' -user "$uid" -group "$gid" ')' -exec chown -h "$owner" {} + 2>&1 | tail -n 1)
    left=$(find "$path" ! '(' -user "$uid" -group "$gid" ')' -print | head -n 1)
    [ -z "$left" ] || fail "$title: ${left#/prepare/*/} belongs to $(stat -c '%u:%g' "$left") instead of $owner, and its owner cannot be changed: ${said:-no reason given}"
    [ -n "$fresh" ] || echo "$title: $wrong of $total entries given to $owner (were: ${were% })"
  fi
  mode=$(stat -c '%a' "$path")
  case $mode in
    700 | 750) ;;
    *) chmod 0700 "$path" || fail "$title: the mode of its top directory is $mode and cannot be changed to 700" ;;
  esac
  # By this file up knows that the data which it prepared is still there (ops/engine/drift/data.ts).
  [ -e "$path/$keep" ] || { true >"$path/$keep" && chown "$owner" "$path/$keep"; } 2>/dev/null
done
shift
[ -n "$config" ] || exit 0

# Beside the files of before, so that each takes the place of the one of before in one step: a service may be reading.
new=$config/.new
rm -rf "$new" && mkdir -m 0700 "$new" || fail "the configuration files cannot be written"
# They are sent at once. Without a limit, a task whose engine was killed would wait for them for ever.
said=$(timeout 20 tar -x -f - -C "$new" 2>&1) || {
  said=${said##*: }
  fail "the configuration files cannot be written: ${said:-they did not arrive within 20 s}"
}
for name in "$@"; do
  size=$(wc -c <"$new/${name#*:}") && [ "$size" -ge "${name%%:*}" ] ||
    fail "the file ${name#*:} has ${size:-no} bytes and needs ${name%%:*}: with less the service would start without protection"
done
find "$new" -type f -exec chmod 0400 {} + && find "$new" -type d -exec chmod 0500 {} + && chown -R "$owner" "$new" ||
  fail "the configuration files cannot be given to $owner"
for name in "$@"; do
  file=${name#*:}
  folder=$(dirname "$config/$file")
  mkdir -p "$folder" && chmod 0500 "$folder" && chown "$owner" "$folder" && mv -f "$new/$file" "$config/$file" ||
    fail "the configuration file $file cannot be written"
done
rm -rf "$new"
find "$config" -type f | while IFS= read -r file; do
  listed=
  for name in "$@"; do [ "$file" = "$config/${name#*:}" ] && listed=1; done
  [ -n "$listed" ] || rm -f "$file"
done
