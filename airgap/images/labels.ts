// Labels that an image built here carries, and by which an engine is asked about it.

/** Labels of the images that are built here. */
export const imageLabel = {
  /** `built` */
  source: "io.xnai.image.source",
  /** The exact upstream version. */
  version: "io.xnai.image.version",
  /** The content hash in the image's name. */
  recipe: "io.xnai.image.recipe",
  /** `true` on a stand-in. */
  standIn: "io.xnai.image.standin",
  /** The sentence that says what the stand-in is. */
  standInNote: "io.xnai.image.standin.note",
} as const;
