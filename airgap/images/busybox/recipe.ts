// The image that preparing tasks run: a shell and the usual file tools, like the official busybox image.
import type { Recipe } from "../../recipe.ts";

export const recipe: Recipe = {
  name: "busybox",
  folder: import.meta.dirname,
  version: "1.35",
  versionOfPackage: "busybox-static",
  seconds: 15,
  base: { users: [] },
  busybox: true,
  start: { cmd: ["sh"] },
};
