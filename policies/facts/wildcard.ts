// Patterns with a `*` as regular expressions. Each is compiled once: rules test them on every variable of every container.
const compiled = new Map<string, RegExp>();

/**
 * A pattern, without regard to case.
 * @param any what a `*` stands for, as a regular expression
 * @param end `$` for the end of the text only, `^$` for the whole text
 */
export function wildcard(pattern: string, any: string, end: "$" | "^$"): RegExp {
  const source = pattern.split("*").map(escaped).join(any);
  return expression(end === "$" ? `${source}$` : `^${source}$`, "i");
}

/** A regular expression; the same object for the same source and flags. */
export function expression(source: string, flags: string): RegExp {
  const key = `${flags}/${source}`;
  let found = compiled.get(key);
  if (!found) {
    found = new RegExp(source, flags);
    compiled.set(key, found);
  }
  return found;
}

function escaped(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
}
