// Tells one content of an image from another: a hash over all that decides what is in it, and over nothing else.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Recipe } from "../recipe.ts";
import { builder } from "./lib/settings.ts";
import { recipeFiles } from "./recipe-files.ts";

const digits = 12;

/**
 * 12 hex digits over the recipe as a value, the files that it names and the builder's settings. The code of the recipe and
 * of lib/ does not count, so a comment or a message may change; when a change in lib/ changes what images contain, the
 * builder's format is raised by hand. The same wherever the checkout is.
 */
export function contentHash(recipe: Recipe): string {
  const { name, folder, seconds, ...decisive } = recipe;
  const hash = createHash("sha256").update(JSON.stringify([builder, decisive], regularExpressionsToo));
  for (const file of recipeFiles(recipe)) {
    const content = readFileSync(join(folder, file));
    hash.update(`\0${file}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex").slice(0, digits);
}

/** JSON has no regular expressions and would write `{}` for each. */
function regularExpressionsToo(_key: string, value: unknown): unknown {
  return value instanceof RegExp ? String(value) : value;
}
