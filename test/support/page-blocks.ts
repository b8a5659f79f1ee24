// What stands between fences on pages of the documentation, to be run and read as it stands there.
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What stands between fences of a language, without the indent of the fence. */
export const fencedBlocks = (text: string, language: string): string[] =>
  [...text.matchAll(new RegExp(`^( *)\`\`\`${language}\\n(.*?)\\n\\1\`\`\``, "gms"))].map(([, indent, body = ""]) =>
    body.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
  );

/**
 * The one shell block of the page that holds all of these words, as a script.
 * @param page such as `moving.md`
 * @throws Error if there is none, or more than one
 */
export function shellBlock(page: string, ...words: string[]): string {
  const text = readFileSync(join(import.meta.dirname, "../../docs", page), "utf8");
  const [block, ...more] = fencedBlocks(text, "sh").filter((each) => words.every((word) => each.includes(word)));
  if (block === undefined || more.length > 0)
    throw new Error(
      `docs/${page} has ${block === undefined ? "no" : "more than one"} shell block with ${words.join()}`,
    );
  return block;
}
