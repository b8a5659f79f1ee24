/** The image that preparing Jobs run: a shell and the usual file tools, like the official busybox image. */
import { addBusybox, baseTree } from "../lib/base.ts";
import type { Recipe } from "../recipe.ts";

export const recipe: Recipe = {
  name: "busybox",
  seconds: 15,
  async build(context) {
    const tree = baseTree();
    const version = await addBusybox(context, tree);
    return { version, tree, cmd: ["sh"] };
  },
};
