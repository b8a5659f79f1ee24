/**
 * Which images can be made without a hub, at which version, and what each is called. A name is a pure function of
 * the checkout: VERSION-CONTENTHASH, the hash over everything that decides what is in the image. Needs no engine.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";

/**
 * The version in each image's name. What comes from Debian names the release line (its security updates come in
 * with every build, the label `io.xnai.image.version` has the exact one); what comes from Go modules is exact.
 */
export const versions = {
  busybox: "1.35",
  redis: "7.0",
  postgres: "15",
  caddy: "2.11.9",
  consul: "1.15.4",
  vikunja: "2.5.0",
  qdrant: "1.18.3",
} as const;

export type ImageName = keyof typeof versions;

export const imageNames = Object.keys(versions) as ImageName[];

const here = import.meta.dirname;
const known = new Map<ImageName, string>();

/** Software that no package registry has: a stand-in takes its place. */
const standIns: readonly ImageName[] = ["vikunja", "qdrant"];

/** Where the recipe of an image lies. */
export const folderOf = (name: ImageName) => join(here, standIns.includes(name) ? "../standins" : ".", name);

/** 12 hex digits over the recipe's own folder, the shared builder (lib/) and the version. About 1 ms, then remembered. */
export function recipeHash(name: ImageName): string {
  let hash = known.get(name);
  if (hash === undefined) {
    hash = hashFolders(versions[name], [join(here, "lib"), folderOf(name)]);
    known.set(name, hash);
  }
  return hash;
}

/** The reference of the image that `airgap/` makes, such as `xnai.local/redis:7.0-0123456789ab`. */
export function localImage(name: ImageName): string {
  return `xnai.local/${name}:${versions[name]}-${recipeHash(name)}`;
}

/** Pure apart from reading: the same files give the same hash wherever the checkout lies. Notes (*.md) do not count. */
export function hashFolders(version: string, folders: readonly string[]): string {
  const hash = createHash("sha256").update(version);
  for (const folder of folders) {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && extname(entry.name) !== ".md")
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
    for (const file of files) {
      const content = readFileSync(file);
      hash.update(`\0${file.slice(folder.length)}\0${content.length}\0`).update(content);
    }
  }
  return hash.digest("hex").slice(0, 12);
}
