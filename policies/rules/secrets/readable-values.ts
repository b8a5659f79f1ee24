// The names and values that can be read from outside of a container or volume: environment, labels, command lines, options.
import type { ContainerFacts, NamedFact, VolumeFacts } from "../../facts/model.ts";
import { isKnown, knownOf, type Maybe, type MaybeRecord } from "../../facts/unknown.ts";
import type { Reporter } from "../../rule.ts";
import { clientPasswords } from "../../tables/client-options.ts";
import { assignments } from "../../tables/secret-shapes.ts";

/** A value, and where it stands. */
export interface ReadableValue {
  path: string;
  /** Name of the variable, option or label; "" for a bare word. */
  name: string;
  value: string;
  /** The variable or label in whose value it is assigned. */
  within?: string;
}

/** Every name and value that `docker inspect` shows. What is not known yet is noted as undecided. */
export function readableValues(subject: ContainerFacts | VolumeFacts, report: Reporter): ReadableValue[] {
  if (subject.kind === "volume")
    return [...inNamed(subject.labels, "labels", report), ...inRecord(subject.driverOpts, "driverOpts", report)];
  const found = [
    ...inNamed(subject.env, "envs", report),
    ...inNamed(subject.labels, "labels", report),
    ...inNamed(subject.annotations, "annotations", report),
    ...inRecord(subject.logOpts, "logOpts", report),
  ];
  const lists: [string, Maybe<Maybe<string>[]>][] = [
    ["entrypoints", subject.entrypoint],
    ["command", subject.command],
    ["healthcheck.tests", subject.healthcheck],
  ];
  for (const { path, command, env } of report.each(subject.hooks, "hooks")) {
    lists.push([`${path}.command`, command]);
    found.push(...inNamed(env, `${path}.environment`, report));
  }
  for (const [path, list] of lists) found.push(...inWords(report.each(list, path), path));
  return found;
}

function inNamed(list: Maybe<Maybe<NamedFact>[]>, path: string, report: Reporter): ReadableValue[] {
  return report
    .each(list, path)
    .flatMap((each) => (report.known(each.value, each.path) ? withInside(each as ReadableValue) : []));
}

function inRecord(options: MaybeRecord, path: string, report: Reporter): ReadableValue[] {
  if (!report.known(options, path)) return [];
  return Object.entries(options).flatMap(([name, value]) =>
    isKnown(value) ? withInside({ path: `${path}.${name}`, name, value }) : [],
  );
}

/** A value, and what is assigned in it: connection strings, JSON, options of a virtual machine. */
function withInside(whole: ReadableValue): ReadableValue[] {
  if (!/[=:]/.test(whole.value)) return [whole];
  const inside = literals(whole.value).map((each) => ({ ...each, path: whole.path, within: whole.name }));
  return [whole, ...inside];
}

/** What a text assigns, without references, patterns and formats: no value with these is a credential itself. */
function literals(text: string): { name: string; value: string }[] {
  return assignments(text).filter(({ value }) => !/[$`[\]{}*%\\<>]/.test(value));
}

/** What a command line holds: options with their values, what is assigned inside a shell command, and bare words. */
function inWords(words: string[], path: string): ReadableValue[] {
  const passwords = [words, ...words.filter((word) => /\s/.test(word)).flatMap(commandsIn)].flatMap(clientPasswords);
  const plain = passwords
    .filter((value) => !/^["']?[$<]|[`]|\$\(/.test(value))
    .map((value) => ({ path, name: "password", value }));
  const inside = words.flatMap((word, i) => {
    const before = words[i - 1] ?? "";
    const assigned = literals(word);
    if (assigned.length > 0 || assignments(word).length > 0)
      return assigned.map(({ name, value }) => ({ path, name, value }));
    const isOption = word.startsWith("-");
    const name = /^-[^=]*$/.test(before) && !isOption ? before : isOption ? word : "";
    return [{ path, name, value: isOption ? "" : word }];
  });
  return [...inside, ...plain];
}

/** The commands of a shell script, each as words without their quotes. Enough to find options in, no more. */
function commandsIn(script: string): string[][] {
  return script
    .split(/[;|&\n]+/)
    .map((command) => command.split(/\s+/).map((word) => word.replace(/^(["'])(.*)\1$/, "$2")));
}

/** What the files that are copied into the container assign, line by line. */
export function assignedInFiles(container: ContainerFacts): ReadableValue[] {
  return knownOf(container.uploads).flatMap(({ path, content }) =>
    isKnown(content) ? assignments(content).map(({ name, value }) => ({ path, name, value })) : [],
  );
}
