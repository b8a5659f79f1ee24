/**
 * How an image is described. A recipe is `airgap/images/NAME/recipe.ts` and exports `recipe`; everything that decides
 * what is in the image lies in that folder or in lib/, because these are what the image's name is a hash of.
 */

import type { Tree } from "./lib/tree.ts";
import type { ImageName } from "./names.ts";

/** What a recipe may use while it builds. */
export interface BuildContext {
  /** An empty directory for this build alone; removed afterwards. */
  readonly work: string;
  /** A directory that outlives the build, shared by all recipes, for downloads. */
  readonly cache: string;
  /** Says in a few words what is going on now. */
  readonly progress: (text: string) => void;
}

/** What the image is: its files, and how it starts. The fields are those of the OCI image configuration. */
export interface ImageSpec {
  /** The exact upstream version that was built; becomes the label `io.xnai.image.version`. */
  readonly version: string;
  readonly tree: Tree;
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** @default "" (root) */
  readonly user?: string;
  /** @default "/" */
  readonly workdir?: string;
  readonly volumes?: readonly string[];
  /** Such as `6379/tcp`. */
  readonly ports?: readonly string[];
  readonly stopSignal?: string;
}

export interface Recipe {
  readonly name: ImageName;
  /** For a stand-in: one sentence that says what it is and what it is not. Shown in the label, by `up` and by `status`. */
  readonly standIn?: string;
  /** Seconds that a first build takes on two cores, for the progress line. */
  readonly seconds: number;
  build(context: BuildContext): Promise<ImageSpec>;
}

/** Labels of the images that are built here. */
export const label = {
  /** `built` */
  source: "io.xnai.image.source",
  /** The upstream version. */
  version: "io.xnai.image.version",
  /** The content hash in the image's name. */
  recipe: "io.xnai.image.recipe",
  /** `true` on a stand-in. */
  standIn: "io.xnai.image.standin",
  /** The sentence that says what the stand-in is. */
  standInNote: "io.xnai.image.standin.note",
} as const;
