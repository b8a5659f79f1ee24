// What of a value may stand in a comment, and how: as code, of a length that can be read, and without what looks like a secret.
import { createTwoFilesPatch } from "diff";
import { assignments, isCredentialName, looksLikeSecret, tokenKind } from "../../../policies/tables/secret-shapes.ts";

/** Longest value in a line, in characters. */
const longestValue = 300;
/** Longest diff, in lines. */
const longestDiff = 200;

/** What stands for a secret. */
const secretText = "(a secret)";

/** Whether a value says something secret, by the name beside it or by its shape. */
export function isSecretValue(path: string, value: string): boolean {
  const name = path.split(/[. ]/).pop() ?? "";
  if (value === "" || isReference(value)) return false;
  return isCredentialName(name) || looksLikeSecret(value) || tokenKind(value) !== undefined;
}

/** A text with everything that a program assigns to a secret name, and every word in the shape of one, taken out. */
export function withoutSecrets(text: string): string {
  const assigned = assignments(text).flatMap(({ name, value }) =>
    (isCredentialName(name) || name === "secret") && !isReference(value) ? [value] : [],
  );
  const options = [...text.matchAll(/(?:^|\s)(-{1,2}[\w-]+)[ =\n]+(\S+)/g)].flatMap(([, name = "", value = ""]) =>
    isCredentialName(name) && !isReference(value) ? [value] : [],
  );
  const words = text.split(/[\s"'=,;]+/).filter((word) => looksLikeSecret(word) || tokenKind(word) !== undefined);
  return [...new Set([...assigned, ...options, ...words])]
    .filter((value) => value !== "")
    .toSorted((a, b) => b.length - a.length)
    .reduce((shown, value) => shown.replaceAll(value, secretText), text);
}

/** Where a secret comes from, and no secret: a variable, a command, a path below which files lie. */
const isReference = (value: string) => /^["']?[$]|^\/|[`]/.test(value);

/** Text as code in a line: nothing in it is markup, a mention or a link. */
export function code(text: string): string {
  // Line breaks, and what would turn the reading direction or hide something.
  const line = text.replace(/\s+/g, " ").replace(/[\p{Cc}\p{Cf}]/gu, "\ufffd");
  const cut = line.length > longestValue ? `${line.slice(0, longestValue)}… (${line.length} characters)` : line;
  const fence = "`".repeat(longestRun(cut) + 1);
  const space = /^[` ]|[` ]$/.test(cut) ? " " : "";
  return cut === "" ? "(empty)" : `${fence}${space}${cut}${space}${fence}`;
}

/** A value as code, or what stands for it if it is a secret. */
export function valueCode(path: string, value: string): string {
  return isSecretValue(path, value) ? secretText : code(withoutSecrets(value));
}

/**
 * What changes in a text of several lines, as a unified diff without its head.
 * @param numbered with the numbers of lines, for a text that is a file
 */
export function diffBlock(old: string, next: string, numbered: boolean): string[] {
  const patch = createTwoFilesPatch("", "", ended(withoutSecrets(old)), ended(withoutSecrets(next)), "", "", {
    context: 2,
  });
  const lines = patch
    .split("\n")
    .filter((line) => !/^(Index: |={3,}|--- |\+\+\+ |---$|\+\+\+$|\\ )/.test(line))
    .map((line) => line.replace(/[^\P{Cc}\t]|\p{Cf}/gu, "\ufffd"))
    .map((line) => (numbered ? line : line.replace(/^@@ .* @@$/, "@@")));
  while (lines.at(-1) === "") lines.pop();
  const left = lines.length - longestDiff;
  const shown = left > 0 ? [...lines.slice(0, longestDiff), `… ${left} more lines`] : lines;
  const fence = "`".repeat(Math.max(3, longestRun(shown.join("\n")) + 1));
  return [`${fence}diff`, ...shown.map((line) => line.slice(0, longestValue)), fence];
}

const ended = (text: string) => (text === "" || text.endsWith("\n") ? text : `${text}\n`);

const longestRun = (text: string) => Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
