#!/bin/sh
# Puts the files of sites where they are served from, each site in one step: what is served meanwhile is the one of before, whole.
# Removes those that are not listed. For busybox; run as their owner. Safe to repeat.
# $1: the directory of sites; then the name of each. The files come on standard input as a tar archive, below the names; those
# whose names tar does not know are below .renamed, by number, with a list of their names.
set -u
fail() {
  echo "$1" >&2
  exit 1
}
sites=$1
shift
new=$sites/.new
mkdir -p "$sites" && rm -rf "$new" && mkdir -m 0700 "$new" || fail "the sites cannot be written"
said=$(tar -x -f - -C "$new" 2>&1) || {
  rm -rf "$new"
  fail "the sites cannot be written: ${said##*: }"
}
number=0
while IFS= read -r name; do
  number=$((number + 1))
  mkdir -p "$new/${name%/*}" && mv "$new/.renamed/$number" "$new/$name" || fail "the file $name cannot be written"
done <"$new/.renamed/names"
for name in "$@"; do
  [ -f "$new/$name/index.html" ] || fail "the files of $name did not arrive"
  version=$(mktemp -d "$sites/.$name.XXXXXX") && rm -rf "$sites/.link" && mv "$new/$name" "$version/files" &&
    ln -s "${version##*/}/files" "$sites/.link" && mv -T "$sites/.link" "$sites/$name" ||
    fail "the site $name cannot be put in its place"
done
rm -rf "$new"
for there in "$sites"/* "$sites"/.[!.]*; do
  [ -e "$there" ] || [ -L "$there" ] || continue
  kept=
  for name in "$@"; do
    case ${there##*/} in
      "$name") kept=1 ;;
      *) [ "$there/files" = "$sites/$(readlink "$sites/$name")" ] && kept=1 ;;
    esac
  done
  [ -n "$kept" ] || rm -rf "$there"
done
