// All rules over all resources at once: for `xnai policy`, for the gate of the program, and for the tests.
import type { PolicyConfig } from "./config.ts";
import { exempted, isoToday, type Judged } from "./exemptions.ts";
import { Inventory } from "./facts/inventory.ts";
import type { Facts } from "./facts/model.ts";
import type { Level, Rule } from "./rule.ts";
import { allRules } from "./rules/all.ts";
import { runRule } from "./run-rule.ts";

/** What one rule has to say about one resource. */
export interface Finding extends Judged {
  rule: Rule;
  level: Exclude<Level, "disabled">;
  subject: Facts;
}

export interface EvaluateOptions {
  /** Judge only these; the others are there to be referred to. @default all of them */
  subjects?: Iterable<Facts>;
  /** @default every rule of the pack */
  rules?: readonly Rule[];
  /** For the expiry of exemptions, as `2026-12-31`. @default today (UTC) */
  today?: string;
}

/** Everything that the rules have to say about some resources, in the order of resources, then of rules. */
export function evaluate(
  resources: Inventory | Facts[],
  config: PolicyConfig,
  options: EvaluateOptions = {},
): Finding[] {
  const inventory = Array.isArray(resources) ? new Inventory(resources) : resources;
  const today = options.today ?? isoToday();
  const active = (options.rules ?? allRules).flatMap((rule) => {
    const level = config.level(rule);
    return level === "disabled" ? [] : [{ rule, level, params: config.params(rule) }];
  });
  const findings: Finding[] = [];
  for (const subject of options.subjects ?? inventory.all) {
    for (const { rule, level, params } of active) {
      for (const answer of runRule(rule, subject, params, config.settings, inventory)) {
        findings.push({ ...exempted(answer, rule, subject, config.settings, today), rule, level, subject });
      }
    }
  }
  return findings;
}
