// The files of sites as one tar archive, in which the task that copies them gets them on its standard input.
import { readFile } from "node:fs/promises";
import { Readable } from "node:stream";
import tar from "tar-stream";
import type { SiteFile } from "../../apps/site-files.ts";

/** Name of the site -> its files. */
export type SiteContents = Record<string, readonly SiteFile[]>;

/** What busybox' tar reads of a name: it knows nothing of the headers in which others stand. */
const isPlain = (name: string) => /^[\x20-\x7e]{1,100}$/.test(name);

/** Files with another name, by number, and the list of their names (sites.sh). */
const renamed = ".renamed";

/** The archive. An error while a file is read ends it, and the task with it. */
export function siteArchive(sites: SiteContents): Readable {
  const pack = tar.pack();
  fill(pack, sites).catch((error: Error) => pack.destroy(error));
  // It is a stream of another kind.
  return Readable.from(pack);
}

async function fill(pack: tar.Pack, sites: SiteContents): Promise<void> {
  const names: string[] = [];
  for (const [site, files] of Object.entries(sites))
    for (const { name, path } of files) {
      const full = `${site}/${name}`;
      const entry = isPlain(full) ? full : `${renamed}/${names.push(full)}`;
      pack.entry({ name: entry, mode: 0o400 }, await readFile(path));
    }
  pack.entry({ name: `${renamed}/names`, mode: 0o400 }, names.map((name) => `${name}\n`).join(""));
  pack.finalize();
}
