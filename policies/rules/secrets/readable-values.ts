// The names and values that can be read from outside of a container: environment, labels, command line, files.
import type { ContainerFacts } from "../../facts/model.ts";
import { isKnown, knownOf, type Maybe } from "../../facts/unknown.ts";
import type { Reporter } from "../../rule.ts";
import { assignments } from "../../tables/secret-shapes.ts";

/** A value, and where it stands. */
export interface ReadableValue {
  path: string;
  /** Name of the variable, option or label; "" for a bare word. */
  name: string;
  value: string;
}

/** Every name and value that `docker inspect` shows. What is not known yet is noted as undecided. */
export function readableValues(container: ContainerFacts, report: Reporter): ReadableValue[] {
  const named = [...report.each(container.env, "envs"), ...report.each(container.labels, "labels")];
  const found: ReadableValue[] = named.flatMap(({ path, name, value }) =>
    report.known(value, path) ? [{ path, name, value }] : [],
  );
  const lists: [string, Maybe<Maybe<string>[]>][] = [
    ["entrypoints", container.entrypoint],
    ["command", container.command],
    ["healthcheck.tests", container.healthcheck],
  ];
  for (const [path, list] of lists) found.push(...inWords(report.each(list, path), path));
  return found;
}

/** What a command line holds: options with their values, what is assigned inside a shell command, and bare words. */
function inWords(words: string[], path: string): ReadableValue[] {
  return words.flatMap((word, i) => {
    const before = words[i - 1] ?? "";
    const inside = assignments(word);
    // In a script a value with these is a reference, a pattern or a format, not a credential itself.
    const literal = inside.filter(({ value }) => !/[$`[\]{}*%\\<>]/.test(value));
    if (inside.length > 0) return literal.map(({ name, value }) => ({ path, name, value }));
    const isOption = word.startsWith("-");
    const name = before.startsWith("-") && !isOption ? before : isOption ? word : "";
    return [{ path, name, value: isOption ? "" : word }];
  });
}

/** What the files that are copied into the container assign, line by line. */
export function assignedInFiles(container: ContainerFacts): ReadableValue[] {
  return knownOf(container.uploads).flatMap(({ path, content }) =>
    isKnown(content) ? assignments(content).map(({ name, value }) => ({ path, name, value })) : [],
  );
}
