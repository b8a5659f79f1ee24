// The script of a preparing Job: gives data to its owner, and configuration files the owner and mode in which a service
// can read and nobody else can. Changes only what is wrong, counts it, never deletes data, and is safe to repeat. Pure.

import type { Owner } from "../../config/keys/base.ts";

/** Where a preparing Job sees the service's configuration. */
export const configMount = "/prepare/config";

/**
 * Put into an empty volume: the engine gives a volume that is still empty the owner of the image's directory when the
 * service mounts it, and so undoes what the Job did (tried on Docker 20.10).
 */
export const keepFile = ".xnai";

/** In a volume whose data a stand-in wrote. */
export const standInFile = ".xnai-standin";

/** Which of the two writes the data of a service that has a stand-in; the other one never gets to see it. */
export type Writer = "stand-in" | "real";

/** One place to be prepared. */
export interface DataTarget {
  /** Path inside the Job. */
  path: string;
  /** How messages call it. */
  title: string;
}

// busybox sh; `fail` comes from job.ts.
const script = `
owner=$1; config=$2; writer=$3; shift 3
uid=\${owner%:*}; gid=\${owner#*:}
while [ $# -gt 0 ] && [ "$1" != -- ]; do
  path=$1; title=$2; shift 2
  [ -d "$path" ] || fail "$title is not a directory"
  fresh=
  if [ "$(ls -A "$path" | wc -c)" -eq 0 ]; then
    fresh=1
    : > "$path/${keepFile}" || fail "$title cannot be written"
  fi
  if [ "$(ls -A "$path" | grep -vc '^\\.xnai')" -eq 0 ]; then
    if [ "$writer" != stand-in ]; then rm -f "$path/${standInFile}"; elif [ ! -e "$path/${standInFile}" ]; then : > "$path/${standInFile}"; fi
  elif [ "$writer" = stand-in ] && [ ! -e "$path/${standInFile}" ]; then
    fail "$title holds data of the real software, and this stack runs a stand-in for it, which does not touch such data: set images.source, or give the stack another prefix"
  elif [ "$writer" = real ] && [ -e "$path/${standInFile}" ]; then
    fail "$title holds data that a stand-in wrote, which the real software cannot use: give the stack another prefix, or remove the data"
  fi
  wrong=$(find "$path" ! '(' -user "$uid" -group "$gid" ')' -print0 | tr -dc '\\000' | wc -c)
  if [ "$wrong" -gt 0 ]; then
    were=$(find "$path" ! '(' -user "$uid" -group "$gid" ')' -exec stat -c '%u:%g' {} + | sort -u | head -n 3 | tr '\\n' ' ')
    total=$(find "$path" -print0 | tr -dc '\\000' | wc -c)
    said=$(find "$path" ! '(' -user "$uid" -group "$gid" ')' -exec chown -h "$owner" {} + 2>&1 | tail -n 1)
    left=$(find "$path" ! '(' -user "$uid" -group "$gid" ')' -print | head -n 1)
    [ -z "$left" ] || fail "$title: \${left#/prepare/*/} belongs to $(stat -c '%u:%g' "$left") instead of $owner, and its owner cannot be changed: \${said:-no reason given}"
    [ -n "$fresh" ] || echo "$title: $wrong of $total entries given to $owner (were: \${were% })"
  fi
  mode=$(stat -c '%a' "$path")
  case $mode in 700 | 750) ;; *) chmod 0700 "$path" || fail "$title: the mode of its top directory is $mode and cannot be changed to 700" ;; esac
done
shift
if [ -n "$config" ]; then
  find "$config" -type f | while IFS= read -r file; do
    keep=
    for name in "$@"; do [ "$file" = "$config/\${name#*:}" ] && keep=1; done
    [ -n "$keep" ] || rm -f "$file"
  done
  for name in "$@"; do
    size=$(wc -c < "$config/\${name#*:}") && [ "$size" -ge "\${name%%:*}" ] ||
      fail "the file \${name#*:} has \${size:-no} bytes and needs \${name%%:*}: with less the service would start without protection"
  done
  find "$config" -type f -exec chmod 0400 {} + && find "$config" -type d -exec chmod 0500 {} + && chown -R "$owner" "$config" ||
    fail "the configuration files cannot be given to $owner"
fi
`.trim();

/** What a preparing Job runs, and with which arguments. */
export interface Preparation {
  script: string;
  args: string[];
}

export interface PrepareArgs {
  owner: Owner;
  data: DataTarget[];
  /** Names of the configuration files below `configMount`, each with the fewest bytes that it may have; others are removed. */
  files: Record<string, number>;
  /** Of a service that has a stand-in. @default the same for whoever wrote the data */
  writer?: Writer;
}

export function preparation({ owner, data, files, writer }: PrepareArgs): Preparation {
  const targets = data.flatMap(({ path, title }) => [path, title]);
  const names = Object.entries(files).map(([name, least]) => `${least}:${name}`);
  const config = names.length > 0 ? configMount : "";
  return { script, args: [`${owner.uid}:${owner.gid}`, config, writer ?? "any", ...targets, "--", ...names] };
}
