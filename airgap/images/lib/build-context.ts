// What the parts of one build share.

/** What a build may use. */
export interface BuildContext {
  /** An empty directory for this build alone; removed afterwards. */
  readonly work: string;
  /** A directory that outlives the build, shared by all recipes, for downloads. */
  readonly cache: string;
  /** Is told in a few words what is going on. */
  readonly progress: (text: string) => void;
}
