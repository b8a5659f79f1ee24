// The configuration of the rules. One format everywhere: Pulumi's own for `--policy-pack-config`, the stack's key
// `xnai:policy`, and `npm run policy -- --policy-config FILE`:
//   { "all": "mandatory", "<rule>": "advisory" | { "enforcementLevel": "...", <parameters> }, "settings": { ... } }
import { z } from "zod";
import { exemptionProblems } from "./exemptions.ts";
import type { Level, Rule } from "./rule.ts";
import { ruleNamed, unknownRule } from "./rules/all.ts";
import { allRulesKey, type Settings, settings, settingsKey } from "./settings.ts";
import { validate } from "./validate.ts";

const level = z.enum(["mandatory", "advisory", "disabled"], {
  error: (issue) => `${JSON.stringify(issue.input)} is not an enforcement level: use mandatory, advisory or disabled`,
});

/** The configuration in use: a level and parameters for every rule, and what several rules share. */
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

/**
 * The configuration of every rule, from what a user wrote.
 * @param where where the user wrote it, for error texts
 * @throws PolicyConfigError with everything that is wrong at once
 */
export function parsePolicyConfig(raw: unknown, where: string): PolicyConfig {
  if (raw !== undefined && (typeof raw !== "object" || raw === null || Array.isArray(raw))) {
    throw new PolicyConfigError(where, [`it must be an object of rule names, and is ${JSON.stringify(raw)}`]);
  }
  const problems: string[] = [];
  const levels = new Map<string, Level>();
  const params = new Map<string, unknown>();
  let shared = settings.parse({});
  for (const [name, value] of Object.entries(raw ?? {})) {
    const { enforcementLevel, ...rest } =
      typeof value === "object" && value !== null ? value : { enforcementLevel: value };
    if (enforcementLevel !== undefined) {
      const valid = validate(level, enforcementLevel, name, problems);
      if (valid) levels.set(name, valid);
    }
    if (name === allRulesKey) continue;
    if (name === settingsKey) {
      shared = validate(settings, rest, name, problems) ?? shared;
      continue;
    }
    const rule = ruleNamed(name);
    if (rule) params.set(name, validate(rule.params, rest, name, problems));
    else problems.push(unknownRule(name));
  }
  problems.push(...exemptionProblems(shared));
  if (problems.length > 0) throw new PolicyConfigError(where, problems);
  return {
    level: (rule) => levels.get(rule.name) ?? levels.get(allRulesKey) ?? rule.level,
    params: (rule) => params.get(rule.name) ?? defaultParams(rule),
    settings: shared,
  };
}

const defaults = new WeakMap<Rule, unknown>();

/** Parameters of a rule that nobody configured, parsed once: the gate asks for those of every rule for every resource. */
function defaultParams(rule: Rule): unknown {
  if (!defaults.has(rule)) defaults.set(rule, rule.params.parse({}));
  return defaults.get(rule);
}
