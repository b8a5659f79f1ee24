// Puts executables where they belong: each one whole, by a rename, and the manifest after it.
import { createHash } from "node:crypto";
import { createReadStream, existsSync, renameSync, statSync, writeFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
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

/** What the CLI keeps in its home for the user, and would ask for again: logins and selected stacks. */
const remembered = ["credentials.json", "workspaces"];

/**
 * Makes the CLI's home. A new one takes over what the CLI remembers from the toolchain that was used last, so that an
 * update of the checkout logs nobody out.
 */
export async function makeHome(root: string, folder: string): Promise<void> {
  const home = join(folder, "home");
  if (existsSync(home)) return;
  await mkdir(home, { mode: 0o700 });
  const lastUsed = (other: string) => statSync(join(other, "workspaces"), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const others = (await readdir(root)).map((name) => join(root, name, "home"));
  const [last] = others.filter((other) => lastUsed(other) > 0).sort((a, b) => lastUsed(b) - lastUsed(a));
  if (last === undefined) return;
  for (const name of remembered)
    if (existsSync(join(last, name))) await cp(join(last, name), join(home, name), { recursive: true });
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
