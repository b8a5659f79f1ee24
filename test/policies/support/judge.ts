// Runs the rules over Pulumi resources and over the whole pack, as the engine would.
import { parsePolicyConfig } from "../../../policies/config.ts";
import { evaluate, type Finding } from "../../../policies/evaluate.ts";
import type { Facts } from "../../../policies/facts/model.ts";
import { factsOf, type PulumiResource } from "../../../policies/facts/pulumi.ts";

/** Findings of all rules, each at mandatory level unless `config` says otherwise. */
export function judge(resources: (PulumiResource | Facts)[], config: object = {}, today = "2030-01-01"): Finding[] {
  const facts = resources.flatMap((each) => ("kind" in each ? [each] : factsOf(each)));
  return evaluate(facts, parsePolicyConfig({ all: "mandatory", ...config }, "the test"), { today });
}

/** `rule on resource` of every finding of one status, sorted. */
export function brief(findings: Finding[], status: Finding["status"] = "violation"): string[] {
  const lines = findings
    .filter((each) => each.status === status)
    .map((each) => `${each.rule.name} on ${each.subject.label}`);
  return [...new Set(lines)].sort();
}
