// Which images can be built without a hub, at which version, and what each is called. Needs no engine; on the path of
// every preview, so it loads neither a library nor anything that builds.
import { contentHash } from "./content-hash.ts";
import { recipes } from "./recipes.ts";

export type ImageName = keyof typeof recipes;

export const imageNames = Object.keys(recipes) as ImageName[];

/** The version in each image's name; the label `io.xnai.image.version` has the exact one. */
export const versions = Object.fromEntries(imageNames.map((name) => [name, recipes[name].version])) as Readonly<
  Record<ImageName, string>
>;

const known = new Map<ImageName, string>();

/** What tells this content of an image from others: 12 hex digits. Read from the disk once: a millisecond at most. */
export function recipeHash(name: ImageName): string {
  let hash = known.get(name);
  if (hash === undefined) {
    hash = contentHash(recipes[name]);
    known.set(name, hash);
  }
  return hash;
}

/** The reference of the image that is built here, such as `xnai.local/redis:7.0-0123456789ab`. */
export function localImage(name: ImageName): string {
  return `xnai.local/${name}:${versions[name]}-${recipeHash(name)}`;
}
