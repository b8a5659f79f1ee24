// What a changed configuration of the policies no longer forbids, in words.
import { asObject } from "../../../components/config/keys/checks.ts";
import { allRules, ruleNamed } from "../../../policies/rules/all.ts";
import { allRulesKey, settingsKey } from "../../../policies/settings.ts";

/**
 * Sentences about rules that ask for less, parameters that differ, ways out and exemptions that were not there. A rule that
 * only becomes stricter is not among them.
 * @param before configuration in the form of `--policy-pack-config`; so is `after`
 */
export function relaxations(before: Raw, after: Raw): string[] {
  const parameters = [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((name) => {
    const [old, next] = [asObject(before[name]), asObject(after[name])];
    return name === settingsKey ? changedSettings(old, next) : changedParameters(name, old, next);
  });
  return [...relaxedLevels(before, after), ...parameters];
}

type Raw = Record<string, unknown>;

function changedSettings(old: Raw, next: Raw): string[] {
  const known = new Set(listIn(old.exemptions).map((each) => JSON.stringify(each)));
  const exemptions = listIn(next.exemptions)
    .filter((each) => !known.has(JSON.stringify(each)))
    .map((each) => asObject(each))
    .map((each) => `Exemption for ${each.rule} on ${each.resource} until ${each.expires}: ${each.reason}`);
  const outside = more(old.egress, next.egress);
  const products = [...new Set([...more(old.products, next.products), ...more(next.products, old.products)])];
  return [
    ...exemptions,
    ...(outside.length > 0 ? [`The rules now let ${outside.join(", ")} reach outside of this host.`] : []),
    ...(products.length > 0
      ? [`What the rules know about the telemetry of ${products.join(", ")} is told by this change.`]
      : []),
  ];
}

function levelIn(value: unknown): string | undefined {
  const level = typeof value === "string" ? value : asObject(value).enforcementLevel;
  return typeof level === "string" ? level : undefined;
}

const strictness = ["disabled", "advisory", "mandatory"];

/** Of `all`, and of each rule whose level becomes less strict by a level of its own. */
function relaxedLevels(before: Raw, after: Raw): string[] {
  const own = allRules.flatMap(({ name, level }) => {
    const levelled = (config: Raw) => levelIn(config[name]) ?? levelIn(config[allRulesKey]) ?? level;
    const [from, to] = [levelled(before), levelled(after)];
    return strictness.indexOf(to) < strictness.indexOf(from)
      ? [{ name, from, to, all: levelIn(after[name]) === undefined }]
      : [];
  });
  const byAll = own.filter(({ all }) => all);
  const single = own.filter(({ all }) => !all || byAll.length === 1);
  const sentences = single.map(({ name, from, to }) => `Rule ${name} is relaxed from ${from} to ${to}.`);
  if (byAll.length < 2) return sentences;
  const level = levelIn(after[allRulesKey]) ?? "their own levels";
  return [`${byAll.length} rules are relaxed to ${level}, because that is what ${allRulesKey} says.`, ...sentences];
}

function changedParameters(name: string, old: Raw, next: Raw): string[] {
  const keys = [...new Set([...Object.keys(old), ...Object.keys(next)])].filter((key) => key !== "enforcementLevel");
  return keys.flatMap((key) => {
    const [from, to] = [old[key], next[key]];
    if (JSON.stringify(from) === JSON.stringify(to)) return [];
    const what = ruleNamed(name) ? `Rule ${name}, ${key}` : `${name}, ${key}`;
    const [gained, gone] = [more(from, to), more(to, from)];
    if (!isList(from) || !isList(to)) return [`${what}: from ${inWords(from)} to ${inWords(to)}.`];
    const parts = [
      ...(gained.length > 0 ? [`now also ${gained.join(", ")}`] : []),
      ...(gone.length > 0 ? [`no longer ${gone.join(", ")}`] : []),
    ];
    return [`${what}: ${parts.join("; ") || "in another order"}.`];
  });
}

/** What is not written is a list without elements. */
const isList = (value: unknown) => value === undefined || Array.isArray(value);

const listIn = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** What is in the second list only, in words. */
function more(before: unknown, after: unknown): string[] {
  const known = new Set(listIn(before).map((each) => JSON.stringify(each)));
  return listIn(after)
    .filter((each) => !known.has(JSON.stringify(each)))
    .map(inWords);
}

/** A value as somebody wrote it, which may be anything: nothing has checked it yet. */
function inWords(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (Array.isArray(value)) return value.map(inWords).join(", ") || "nothing";
  if (typeof value !== "object") return String(value);
  const { id } = value as { id?: unknown };
  if (typeof id === "string") return id;
  const parts = Object.entries(value).map(([key, each]) => `${key} ${inWords(each)}`);
  return parts.join("; ") || "nothing";
}
