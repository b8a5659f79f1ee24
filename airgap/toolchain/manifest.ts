// The toolchain's manifest: which executables were installed, from where, and whether they are still the same files.
// Reading is on the path of every command, and takes no more than a stat of each file.
import { createHash } from "node:crypto";
import { createReadStream, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { type Component, type Tool, tools } from "./tools.ts";

/** Where a component came from: an official release, built from the pinned modules, or already on this machine. */
export type Source = "official" | "built" | "path";

/** What is known of an installed file; another size or time means that it may not be what was installed. */
interface Installed {
  source: Source;
  size: number;
  mtimeMs: number;
  sha256: string;
}

/** By the path below the toolchain's folder. */
export type Manifest = Record<string, Installed>;

/** What was installed, whole or in part; nothing, if the file is absent or damaged. */
export function readManifest(folder: string): Manifest {
  try {
    const parsed: unknown = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8"));
    return typeof parsed === "object" && parsed !== null ? (parsed as Manifest) : {};
  } catch {
    return {};
  }
}

/** Size and time of a file, or undefined if it is not there. */
export function fingerprint(path: string): Pick<Installed, "size" | "mtimeMs"> | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isFile() ? { size: found.size, mtimeMs: found.mtimeMs } : undefined;
}

/** Where a component came from, if it is installed and untouched. */
export function installedFrom(folder: string, manifest: Manifest, { file }: Component): Source | undefined {
  const expected = manifest[file];
  const found = fingerprint(join(folder, file));
  const same = expected && found && found.size === expected.size && found.mtimeMs === expected.mtimeMs;
  return same ? expected.source : undefined;
}

/** Moves a tool's executables to where they belong, each one whole, by a rename; then records what they are. */
export async function installFrom(staging: string, tool: Tool, folder: string, source: Source): Promise<void> {
  const placed: Manifest = {};
  for (const { file } of tool.components) {
    const target = join(folder, file);
    await mkdir(dirname(target), { recursive: true });
    await rename(join(staging, basename(file)), target);
    const print = fingerprint(target);
    if (print) placed[file] = { source, ...print, sha256: await sha256(target) };
  }
  record(folder, placed);
}

/** Files that were copied here with the whole folder are the installed ones, though their times are not. */
export async function acceptCopies(folder: string): Promise<void> {
  const manifest = readManifest(folder);
  for (const { file } of tools.flatMap(({ components }) => components)) {
    const known = manifest[file];
    const print = fingerprint(join(folder, file));
    if (!known || !print || print.size !== known.size || print.mtimeMs === known.mtimeMs) continue;
    if ((await sha256(join(folder, file))) === known.sha256) record(folder, { [file]: { ...known, ...print } });
  }
}

/** Adds to the manifest. In one go, without an await: another tool may be installed at the same time. */
function record(folder: string, placed: Manifest): void {
  const manifest = join(folder, "manifest.json");
  writeFileSync(`${manifest}.new`, `${JSON.stringify({ ...readManifest(folder), ...placed }, null, 2)}\n`);
  renameSync(`${manifest}.new`, manifest);
}

async function sha256(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}
