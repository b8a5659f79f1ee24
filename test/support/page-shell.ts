// The commands of a page of the documentation, to be run as they stand there.
import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The one shell block of the page that holds all of these words, as a script.
 * @param page such as `moving.md`
 * @throws Error if there is none, or more than one
 */
export function shellBlock(page: string, ...words: string[]): string {
  const text = readFileSync(join(import.meta.dirname, "../../docs", page), "utf8");
  const blocks = [...text.matchAll(/^( *)```sh\n(.*?)\n\1```/gms)].map(([, indent, body = ""]) =>
    body.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
  );
  const [block, ...more] = blocks.filter((each) => words.every((word) => each.includes(word)));
  if (block === undefined || more.length > 0)
    throw new Error(
      `docs/${page} has ${block === undefined ? "no" : "more than one"} shell block with ${words.join()}`,
    );
  return block;
}
