// Patterns with a `*`, as expressions that are made once.

const made = new Map<string, RegExp>();

/**
 * @param any what a `*` stands for, as a regular expression
 * @param end `$` for the end of the text only, `^$` for the whole text
 */
export function wildcard(pattern: string, any: string, end: "$" | "^$"): RegExp {
  const source = pattern.split("*").map(escaped).join(any);
  return expression(end === "$" ? `${source}$` : `^${source}$`, "i");
}

/** A regular expression; the same one for the same source. */
export function expression(source: string, flags: string): RegExp {
  const key = `${flags}/${source}`;
  let found = made.get(key);
  if (!found) {
    found = new RegExp(source, flags);
    made.set(key, found);
  }
  return found;
}

function escaped(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
}
