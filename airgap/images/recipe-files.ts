// Which files of its folder a recipe uses: these are read for the image's name, and the same ones go into the image.
import { readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import type { Recipe } from "../recipe.ts";

/** Notes, tests, and what Python leaves behind. */
const ignored = /\.md$|(^|\/)(test_[^/]*\.py|[^/]*_test\.go|__pycache__\/.*)$/;

/**
 * The files that a path of the recipe's folder stands for: itself, or all that are below it.
 * @returns paths relative to `path`, sorted; `""` for a file itself
 */
export function filesAt(path: string): string[] {
  if (!statSync(path).isDirectory()) return [""];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(path, join(entry.parentPath, entry.name)))
    .filter((file) => !ignored.test(file))
    .sort();
}

/** Paths of all files that decide what is in the image, relative to the recipe's folder, sorted. */
export function recipeFiles({ folder, files = {}, program, wheel }: Recipe): string[] {
  const below = (path: string) => filesAt(join(folder, path)).map((file) => join(path, file));
  const found = Object.values(files).flatMap(below);
  if (program) found.push(...below(program.module).filter((file) => /(^|\/)(go\.mod|go\.sum|[^/]+\.go)$/.test(file)));
  if (wheel) found.push(wheel.requirements);
  return [...new Set(found)].sort();
}
