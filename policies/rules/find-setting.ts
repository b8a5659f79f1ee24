// Looks for a setting in the environment, on the command line and in the files of a container.
import type { ContainerFacts } from "../facts/model.ts";
import { isKnown, knownOf, type Maybe, UNKNOWN } from "../facts/unknown.ts";
import { expression, wildcard } from "../facts/wildcard.ts";
import { type Said, say, shown, written } from "../say.ts";
import type { Setting } from "../settings.ts";

/** A place where a setting is made. */
export interface Match {
  path: string;
  /** Name of the variable, the option, or the key and its file. */
  name: Said;
  value: string;
}

/** Every place where the container makes a setting. */
export function findSetting(setting: Setting, container: ContainerFacts): Match[] {
  const found: Match[] = [];
  if (setting.env !== undefined) {
    const pattern = wildcard(setting.env, "\\w*", "^$");
    for (const { path, name, value } of knownOf(container.env)) {
      if (pattern.test(name) && isKnown(value) && counts(setting, value))
        found.push({ path, name: shown(name, "key"), value });
    }
  }
  if (setting.flag !== undefined) {
    const words = [...knownOf(container.entrypoint), ...knownOf(container.command)].flatMap((word) =>
      word.split(/\s+/),
    );
    if (hasFlag(words, setting.flag)) found.push({ path: "command", name: written(setting.flag), value: "" });
  }
  if (setting.file !== undefined) {
    const pattern = expression(setting.file, "m");
    for (const { path, file, content } of knownOf(container.uploads)) {
      if (!isKnown(content)) continue;
      const line = pattern.exec(content)?.[0].trim().split("\n").at(-1)?.trim();
      if (line !== undefined)
        found.push({
          path,
          name: say`${shown(keyOf(line), "key")} in ${isKnown(file) ? shown(file, "path") : say`a file`}`,
          value: "",
        });
    }
  }
  return found;
}

/** Whether the container makes a setting. As long as something is unknown where it could be made, so is the answer. */
export function isSet(setting: Setting, container: ContainerFacts): Maybe<boolean> {
  if (findSetting(setting, container).length > 0) return true;
  const places = [
    setting.env !== undefined ? container.env : [],
    setting.flag !== undefined ? container.command : [],
    setting.flag !== undefined ? container.entrypoint : [],
  ];
  const hiddenFile = setting.file !== undefined && !(isKnown(container.uploads) && container.uploads.every(readable));
  return hiddenFile || places.some((place) => !isKnown(place) || !(place as unknown[]).every(isKnown))
    ? UNKNOWN
    : false;
}

/** What a line of a configuration file sets: the line without its value. */
function keyOf(line: string): string {
  return /^["']?([\w.-]+)/.exec(line)?.[1] ?? "a line";
}

function readable(upload: unknown): boolean {
  return isKnown(upload) && isKnown((upload as { content: Maybe<string> }).content);
}

function counts(setting: Setting, value: string): boolean {
  const bare = value.trim().toLowerCase();
  return setting.values.length === 0 ? bare !== "" : setting.values.some((each) => each.toLowerCase() === bare);
}

/** Whether `flag` is there, as `--name`, `--name=value` or `--name value`. Without a value in `flag` any but a no will do. */
function hasFlag(words: string[], flag: string): boolean {
  const [name = "", wanted] = flag.toLowerCase().split("=", 2);
  return words.some((word, i) => {
    const [key, given] = word.toLowerCase().split("=", 2);
    if (key !== name) return false;
    if (wanted !== undefined) return (given ?? words[i + 1]?.toLowerCase()) === wanted;
    return given === undefined || !["false", "0", "no", "off"].includes(given);
  });
}
