// How the behaviour of one rule is written down: the cases of policies/rules/exposure/egress.ts are in
// exposure/egress.cases.ts. all.test.ts turns them into tests.
import type { Facts } from "../../../policies/facts/model.ts";
import type { PulumiResource } from "../../../policies/facts/pulumi.ts";

export interface Case {
  /** Resources of a program; facts where only a compose file can say such a thing. */
  stack: (PulumiResource | Facts)[];
  /** Configuration of the rules, besides `all: mandatory`. */
  config?: object;
}

export interface Break extends Case {
  /** What the violation is about, as its message begins. */
  on: string;
  /** Parts of its message: the wrong value, and what to write instead. */
  says: string[];
  /** Other rules that this form cannot help but break too. @default none */
  also?: string[];
}

export interface RuleCases {
  rule: string;
  /** Every way to fail: a right stack with one thing wrong fails with exactly this rule. */
  breaks: Record<string, Break>;
  /** Forms that look like a failure and are none. */
  passes?: Record<string, Case>;
  /** The property left out altogether. */
  absent: Case & { verdict: "pass" | "violation" };
  /** Something that only `up` knows; `path` is what the report names. */
  unknown: Case & { path: string };
  /** Parameters that change the verdict of a case: from a violation to a pass, or the other way round. */
  configured?: Record<string, Case & { verdict: "pass" | "violation" }>;
}

/** The resources of a case's stack, without what only a compose file can say. */
export function resourcesOf(stack: Case["stack"]): PulumiResource[] {
  return stack.filter((each): each is PulumiResource => !("kind" in each));
}

export { changed, changedFacts, goodContainer, goodStack, named, resource, unknown } from "../support/stack.ts";
