// Where the toolchain is kept. On the path of every command: no subprocess, no library.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "../cache-folder.ts";
import { tools } from "./tools.ts";

/** The folder of the Go modules that are built: this one. */
export const sources = import.meta.dirname;

/** All toolchains of this user: `$XDG_CACHE_HOME/xnai/toolchain`, by default below `~/.cache`. */
export function cacheRoot(env: NodeJS.ProcessEnv): string {
  return cacheFolder(env, "toolchain");
}

/**
 * The name of the folder of this checkout's toolchain, 16 hex digits over everything that decides what is built: another
 * version or source gets a folder beside it. Comments in Go sources do not count.
 */
export function cacheKey(): string {
  const builds = tools.map(({ components, build }) => [components, build]);
  return sourcesKey(sources, JSON.stringify(builds));
}

/**
 * 16 hex digits over the Go sources below a folder, without their comments, over this machine's architecture, and over
 * whatever else decides what is built.
 */
export function sourcesKey(folder: string, more: string): string {
  const hash = createHash("sha256").update(process.arch).update(more);
  for (const file of goFiles(folder)) {
    const code = withoutComments(readFileSync(join(folder, file), "utf8"));
    hash.update(`\0${file}\0${code.length}\0`).update(code);
  }
  return hash.digest("hex").slice(0, 16);
}

function goFiles(folder: string): string[] {
  const all = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return all.filter((file) => /(^|\/)(go\.mod|go\.sum|[^/]+\.go)$/.test(file)).sort();
}

/**
 * Pure: a Go source, go.mod or go.sum without blank lines and lines that are only a `//` comment. Directives such as
 * `//go:embed` are code and stay.
 */
export function withoutComments(source: string): string {
  return source.replaceAll(/^[ \t]*(\/\/(?!go:).*)?\n/gm, "");
}
