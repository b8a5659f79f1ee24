// The script of a preparing Job: gives data to its owner, and configuration files the owner and mode in which a service
// can read and nobody else can. Changes only what is wrong, counts it, never deletes data, and is safe to repeat. Pure.

import type { Owner } from "./config.ts";

/** Where a preparing Job sees the service's configuration. */
export const configMount = "/prepare/config";

/**
 * Put into an empty volume: the engine gives a volume that is still empty the owner of the image's directory when the
 * service mounts it, and so undoes what the Job did (tried on Docker 20.10).
 */
export const keepFile = ".xnai";

/** One place to be prepared. */
export interface DataTarget {
  /** Path inside the Job. */
  path: string;
  /** How messages call it. */
  title: string;
}

// busybox sh; `fail` comes from job.ts.
const script = `
owner=$1; config=$2; shift 2
uid=\${owner%:*}; gid=\${owner#*:}
while [ $# -gt 0 ] && [ "$1" != -- ]; do
  path=$1; title=$2; shift 2
  [ -d "$path" ] || fail "$title is not a directory"
  fresh=
  if [ -z "$(ls -A "$path")" ]; then
    fresh=1
    : > "$path/${keepFile}" || fail "$title cannot be written"
  fi
  wrong=$(find "$path" ! '(' -user "$uid" -group "$gid" ')' -print0 | tr -dc '\\000' | wc -c)
  if [ "$wrong" -gt 0 ]; then
    were=$(find "$path" ! '(' -user "$uid" -group "$gid" ')' -exec stat -c '%u:%g' {} + | sort -u | head -n 3 | tr '\\n' ' ')
    total=$(find "$path" -print0 | tr -dc '\\000' | wc -c)
    said=$(find "$path" ! '(' -user "$uid" -group "$gid" ')' -exec chown -h "$owner" {} + 2>&1 | tail -n 1)
    left=$(find "$path" ! '(' -user "$uid" -group "$gid" ')' -print | head -n 1)
    [ -z "$left" ] || fail "$title: \${left#/prepare/*/} belongs to $(stat -c '%u:%g' "$left"), $owner is wanted, and it cannot be changed: \${said:-no reason given}"
    [ -n "$fresh" ] || echo "$title: $wrong of $total entries given to $owner (were: \${were% })"
  fi
  mode=$(stat -c '%a' "$path")
  case $mode in 700 | 750) ;; *) chmod 0700 "$path" || fail "$title: the mode of its top directory is $mode and cannot be changed to 700" ;; esac
done
shift
if [ -n "$config" ]; then
  find "$config" -type f | while IFS= read -r file; do
    keep=
    for name in "$@"; do [ "$file" = "$config/$name" ] && keep=1; done
    [ -n "$keep" ] || rm -f "$file"
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

/** @param files names of the configuration files, below `configMount`; anything else there is left over and removed */
export function preparation(owner: Owner, data: DataTarget[], files: string[]): Preparation {
  const targets = data.flatMap(({ path, title }) => [path, title]);
  const config = files.length > 0 ? configMount : "";
  return { script, args: [`${owner.uid}:${owner.gid}`, config, ...targets, "--", ...files] };
}
