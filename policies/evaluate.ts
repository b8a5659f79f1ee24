// All rules over all resources at once: what `xnai policy` and the tests use.

import type { PolicyConfig } from "./config.ts";
import { exempted, isoToday, type Judged } from "./exemptions.ts";
import { Inventory } from "./facts/inventory.ts";
import type { Facts } from "./facts/model.ts";
import type { Level, Rule } from "./rule.ts";
import { allRules } from "./rules/all.ts";
import { runRule } from "./run-rule.ts";

/** One line of a report. */
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

/** Everything that the rules have to say about `stack`, in the order of resources, then rules. */
export function evaluate(stack: Inventory | Facts[], config: PolicyConfig, options: EvaluateOptions = {}): Finding[] {
  const all = Array.isArray(stack) ? new Inventory(stack) : stack;
  const today = options.today ?? isoToday();
  const active = (options.rules ?? allRules).map((rule) => ({
    rule,
    level: config.level(rule),
    params: config.params(rule),
  }));
  const findings: Finding[] = [];
  for (const subject of options.subjects ?? all.all) {
    for (const { rule, level, params } of active) {
      if (level === "disabled") continue;
      for (const answer of runRule(rule, subject, params, config.settings, all)) {
        findings.push({ ...exempted(answer, rule, subject, config.settings, today), rule, level, subject });
      }
    }
  }
  return findings;
}
