// What lib/assemble.ts makes of a recipe, and lib/archive.ts writes.
import type { StartConfig } from "../../recipe.ts";
import type { Tree } from "./tree.ts";

/** A recipe that was carried out: what archive.ts writes. */
export interface ImageSpec extends StartConfig {
  /** The exact upstream version; becomes the label `io.xnai.image.version`. */
  readonly version: string;
  readonly tree: Tree;
}
