// The configuration of the rules. One format everywhere: Pulumi's own for `--policy-pack-config`, the stack's key
// `xnai:policy`, and `npm run policy -- --policy-config FILE`:
//   { "all": "mandatory", "<rule>": "advisory" | { "enforcementLevel": "...", <parameters> }, "settings": { ... } }
import { z } from "zod";
import { nearest } from "../lib/nearest.ts";
import type { Level, Rule } from "./rule.ts";
import { allRules, ruleNamed } from "./rules/all.ts";
import { type Settings, settings, settingsKey } from "./settings.ts";
import { validate } from "./validate.ts";

const level = z.enum(["mandatory", "advisory", "disabled"], {
  error: (issue) => `${JSON.stringify(issue.input)} is no enforcement level: use mandatory, advisory or disabled`,
});

/** The configuration as it is used: every rule with its level and parameters. */
export interface PolicyConfig {
  level(rule: Rule): Level;
  params(rule: Rule): unknown;
  settings: Settings;
}

/** A configuration that cannot be used; `problems` holds one sentence for each thing that is wrong. */
export class PolicyConfigError extends Error {
  readonly problems: string[];
  constructor(where: string, problems: string[]) {
    super([`The policy configuration in ${where} cannot be used:`, ...problems.map((each) => `- ${each}`)].join("\n"));
    this.name = "PolicyConfigError";
    this.problems = problems;
  }
}

/** Levels and parameters of every rule, from what a user wrote. Throws PolicyConfigError with all problems at once. */
export function parsePolicyConfig(raw: unknown, where: string): PolicyConfig {
  const problems: string[] = [];
  const levels = new Map<string, Level>();
  const params = new Map<string, unknown>();
  let all: Level | undefined;
  let shared = settings.parse({});
  if (raw !== undefined && (typeof raw !== "object" || raw === null || Array.isArray(raw))) {
    throw new PolicyConfigError(where, [`it must be an object of rule names, and is ${JSON.stringify(raw)}`]);
  }
  for (const [name, value] of Object.entries(raw ?? {})) {
    const { enforcementLevel, ...rest } =
      typeof value === "object" && value !== null ? value : { enforcementLevel: value };
    const own = enforcementLevel === undefined ? undefined : validate(level, enforcementLevel, name, problems);
    if (name === "all") {
      all = own;
    } else if (name === settingsKey) {
      shared = validate(settings, rest, name, problems) ?? shared;
    } else {
      const rule = ruleNamed(name);
      if (!rule) {
        problems.push(unknownRule(name));
        continue;
      }
      if (own) levels.set(name, own);
      const parsed = validate(rule.params, rest, name, problems);
      if (parsed !== undefined) params.set(name, parsed);
    }
  }
  for (const { rule } of shared.exemptions)
    if (!ruleNamed(rule)) problems.push(`settings.exemptions: ${unknownRule(rule)}`);
  if (problems.length > 0) throw new PolicyConfigError(where, problems);
  return {
    level: (rule) => levels.get(rule.name) ?? all ?? rule.level,
    params: (rule) => params.get(rule.name) ?? rule.params.parse({}),
    settings: shared,
  };
}

function unknownRule(name: string): string {
  const known = [...allRules.map((rule) => rule.name), settingsKey, "all"];
  const near = nearest(name, known);
  const hint = near === undefined ? "" : `; did you mean "${near}"?`;
  return `there is no rule "${name}"${hint}`;
}
