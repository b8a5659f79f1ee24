// The files of a site on this machine: which are copied, and by what a change of them is seen.
import { createHash } from "node:crypto";
import { type Dirent, readdirSync, readFileSync, realpathSync, type Stats, statSync } from "node:fs";
import { join, resolve, sep } from "node:path";
import { exitCode, XnaiError } from "../../lib/errors.ts";
import type { StackConfig } from "../config/keys/base.ts";
import { sitesOf } from "../definition/sites.ts";

/** One file. */
export interface SiteFile {
  /** Below the folder of the site, with slashes. */
  name: string;
  /** On this machine. */
  path: string;
  size: number;
  mtimeMs: number;
}

/** The most that one site may have: it is copied whole whenever something in it changes. */
const most = { files: 20_000, mebibytes: 256 };

/**
 * The files of a site, by name. Names that begin with a dot are left out, but for `.well-known`. Links are followed as long as
 * they stay in the folder.
 * @param key where the folder is named, for messages @param folder below `base`, or an absolute path
 * @throws XnaiError (usage) when it cannot be a site
 */
export function siteFiles(key: string, folder: string, base = process.cwd()): SiteFile[] {
  const refuse = (what: string, fix: string) =>
    new XnaiError(exitCode.usage, `xnai:${key} is ${JSON.stringify(folder)}; ${what}`, `${fix} Nothing was changed.`);
  const top = resolve(base, folder);
  const stats = statSync(top, { throwIfNoEntry: false });
  if (!stats?.isDirectory())
    throw refuse(
      stats ? "that is a file" : "there is no such directory",
      "Build the site first (mkdocs build), or name the directory that it is built into.",
    );
  const real = realpathSync(top);
  const found: SiteFile[] = [];
  const add = (name: string, path: string, entry: Dirent, above: readonly string[]): void => {
    const at = entry.isSymbolicLink() ? realpathOf(path) : path;
    if (at === undefined || (at !== real && !`${at}${sep}`.startsWith(`${entry.isSymbolicLink() ? real : top}${sep}`)))
      throw refuse(
        `${name} is a link that leads ${at === undefined ? "nowhere" : "outside of it"}`,
        "Copy what it leads to, or remove it.",
      );
    const of: Stats = statSync(at);
    if (of.isDirectory()) {
      walk(name, path, above);
      return;
    }
    if (!of.isFile()) throw refuse(`${name} is neither a file nor a directory`, "Remove it.");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
    if (/[\u0000-\u001f]/.test(name))
      throw refuse(`${JSON.stringify(name)} has a control character in its name`, "Rename it.");
    found.push({ name, path: at, size: of.size, mtimeMs: of.mtimeMs });
  };
  const walk = (name: string, path: string, above: readonly string[]): void => {
    const here = realpathSync(path);
    if (above.includes(here)) throw refuse(`${name} is a link that leads in a circle`, "Remove it.");
    for (const entry of readdirSync(path, { withFileTypes: true }))
      if (!entry.name.startsWith(".") || entry.name === ".well-known")
        add(name ? `${name}/${entry.name}` : entry.name, join(path, entry.name), entry, [...above, here]);
  };
  walk("", top, []);
  const mebibytes = found.reduce((sum, { size }) => sum + size, 0) / 1024 / 1024;
  if (found.length > most.files || mebibytes > most.mebibytes)
    throw refuse(
      `it has ${found.length} files with ${Math.ceil(mebibytes)} MiB, and a site may have ${most.files} with ${most.mebibytes} MiB`,
      "Name the directory that the site is built into; serve large files from an app.",
    );
  if (!found.some(({ name }) => name === "index.html"))
    throw refuse(
      "there is no index.html in it",
      "Name the directory that the site is built into (mkdocs build writes site/).",
    );
  return found.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function realpathOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

/** The files of all sites of a stack, by name. @throws as `siteFiles` */
export const filesOfSites = (config: StackConfig, base?: string): Record<string, SiteFile[]> =>
  Object.fromEntries(sitesOf(config).map(({ name, folder }) => [name, siteFiles(`apps.${name}.site`, folder, base)]));

/** By what a change of names or contents is seen. */
export function hashOfFiles(files: readonly SiteFile[]): string {
  const hash = createHash("sha256");
  for (const { name, path } of files) {
    const content = readFileSync(path);
    hash.update(`${name}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex").slice(0, 32);
}
