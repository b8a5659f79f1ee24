// Patterns with a `*` as regular expressions. Each is compiled once: rules test them on every variable of every container.
const wildcards = new Map<string, Map<string, RegExp>>();
const expressions = new Map<string, Map<string, RegExp>>();

/**
 * A pattern, without regard to case.
 * @param any what a `*` stands for, as a regular expression
 * @param end `$` for the end of the text only, `^$` for the whole text
 */
export function wildcard(pattern: string, any: string, end: "$" | "^$"): RegExp {
  return once(wildcards, any + end, pattern, () => {
    const source = pattern.split("*").map(escaped).join(any);
    return new RegExp(end === "$" ? `${source}$` : `^${source}$`, "i");
  });
}

/** A regular expression; the same object for the same source and flags. */
export function expression(source: string, flags: string): RegExp {
  return once(expressions, flags, source, () => new RegExp(source, flags));
}

function once(all: Map<string, Map<string, RegExp>>, kind: string, text: string, compile: () => RegExp): RegExp {
  const ofKind = all.get(kind) ?? new Map<string, RegExp>();
  if (!all.has(kind)) all.set(kind, ofKind);
  const found = ofKind.get(text) ?? compile();
  if (!ofKind.has(text)) ofKind.set(text, found);
  return found;
}

function escaped(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
}
