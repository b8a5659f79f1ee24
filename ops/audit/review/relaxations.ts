// What a changed configuration of the policies no longer forbids.
import { settingsKey } from "../../../policies/settings.ts";

/**
 * Sentences about rules at another level, parameters that differ, and exemptions that were not there.
 * @param before configuration in the form of `--policy-pack-config`; so is `after`
 */
export function relaxations(before: Record<string, unknown>, after: Record<string, unknown>): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name) => {
    const [old, next] = [before[name], after[name]];
    if (same(old, next)) return [];
    return name === settingsKey ? changedSettings(old, next) : changedRule(name, old, next);
  });
}

function changedSettings(old: unknown, next: unknown): string[] {
  const known = new Set(exemptionsIn(old).map((each) => JSON.stringify(each)));
  const found = exemptionsIn(next)
    .filter((each) => !known.has(JSON.stringify(each)))
    .map((each) => `Exemption for ${each.rule} on ${each.resource} until ${each.expires}: ${each.reason}`);
  const [shared, changed] = [without(old, "exemptions"), without(next, "exemptions")];
  return same(shared, changed) ? found : [...found, `The shared policy settings change: ${JSON.stringify(changed)}`];
}

function changedRule(name: string, old: unknown, next: unknown): string[] {
  const found: string[] = [];
  const [from, to] = [levelIn(old), levelIn(next)];
  if (from !== to) found.push(`Rule ${name} goes from ${from} to ${to}.`);
  const [a, b] = [old, next].map((each) => JSON.stringify(without(each, "enforcementLevel")));
  if (a !== b) found.push(`Rule ${name} changes its parameters from ${a} to ${b}.`);
  return found;
}

/** An exemption as somebody wrote it, which may be anything: nothing has checked it yet. */
type WrittenExemption = Record<"rule" | "resource" | "expires" | "reason", unknown>;

function exemptionsIn(settings: unknown): WrittenExemption[] {
  const list = (settings as { exemptions?: unknown } | undefined)?.exemptions;
  return Array.isArray(list) ? list : [];
}

function levelIn(value: unknown): string {
  const level =
    typeof value === "object" && value !== null ? (value as { enforcementLevel?: unknown }).enforcementLevel : value;
  return typeof level === "string" ? level : "its default level";
}

function without(value: unknown, key: string): object {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
