// Where the toolchain is kept, and whether it is complete. On the path of every command: no subprocess, no library.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheFolder } from "../cache-folder.ts";
import { type Component, parts } from "./parts.ts";

/** Where a component came from: an official release, built from the pinned modules, or already on this machine. */
export type Source = "official" | "built" | "path";

/** What is known of an installed file; another size or time means that it may not be what was installed. */
interface Installed {
  source: Source;
  size: number;
  mtimeMs: number;
  sha256: string;
}

export type Manifest = Record<string, Installed>;

/** The folder of the Go modules that are built: this one. */
export const sources = fileURLToPath(new URL(".", import.meta.url));

/** All toolchains of this user: `$XDG_CACHE_HOME/xnai/toolchain`, by default below `~/.cache`. */
export function cacheRoot(env: NodeJS.ProcessEnv): string {
  return cacheFolder(env, "toolchain");
}

/** Names the toolchain that belongs to this checkout: other versions or sources live beside it, not over it. */
export function cacheKey(): string {
  const recipes = parts.map(({ components, build }) => [components, build]);
  const hash = createHash("sha256").update(process.arch).update(JSON.stringify(recipes));
  for (const file of goFiles()) hash.update(file).update(readFileSync(join(sources, file)));
  return hash.digest("hex").slice(0, 16);
}

function goFiles(): string[] {
  const all = readdirSync(sources, { recursive: true, encoding: "utf8" });
  return all.filter((file) => /(^|\/)(go\.mod|go\.sum|[^/]+\.go)$/.test(file)).sort();
}

/** What was installed, whole or in part; nothing, if the file is absent or cannot be read as what it should be. */
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
