// Puts executables where they belong: each one whole, by a rename, and the manifest after it.
import { createHash } from "node:crypto";
import { createReadStream, renameSync, writeFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fingerprint, type Manifest, readManifest, type Source } from "./cache.ts";
import { type Part, parts } from "./parts.ts";

const stagingPrefix = ".staging-";

/** Works in a folder that is on the same disk as the result, and gone afterwards. */
export async function staged(folder: string, work: (staging: string) => Promise<void>): Promise<void> {
  const staging = await mkdtemp(join(folder, stagingPrefix));
  try {
    await work(staging);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** Removes what a process that was killed left behind. */
export async function clearStaged(folder: string): Promise<void> {
  for (const left of await readdir(folder))
    if (left.startsWith(stagingPrefix)) await rm(join(folder, left), { recursive: true, force: true });
}

/** Moves a part's executables to where they belong, then writes down what they are. */
export async function place(part: Part, staging: string, folder: string, source: Source): Promise<void> {
  const placed: Manifest = {};
  for (const { file } of part.components) {
    const target = join(folder, file);
    await mkdir(dirname(target), { recursive: true });
    await rename(join(staging, basename(file)), target);
    const print = fingerprint(target);
    if (print) placed[file] = { source, ...print, sha256: await sha256(target) };
  }
  remember(folder, placed);
}

/** Files that were copied here are the same ones, though their times are not. */
export async function recognise(folder: string): Promise<void> {
  const manifest = readManifest(folder);
  for (const one of parts.flatMap(({ components }) => components)) {
    const known = manifest[one.file];
    const print = fingerprint(join(folder, one.file));
    if (!known || !print || print.size !== known.size || print.mtimeMs === known.mtimeMs) continue;
    if ((await sha256(join(folder, one.file))) === known.sha256)
      remember(folder, { [one.file]: { ...known, ...print } });
  }
}

/** Adds to the manifest. In one go, without an await: another part may be placed at the same time. */
function remember(folder: string, placed: Manifest): void {
  const manifest = join(folder, "manifest.json");
  writeFileSync(`${manifest}.new`, `${JSON.stringify({ ...readManifest(folder), ...placed }, null, 2)}\n`);
  renameSync(`${manifest}.new`, manifest);
}

async function sha256(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}
