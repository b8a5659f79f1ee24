// Every rule of the pack, in the order of the documentation.
import { exposureRules } from "./exposure.ts";
import type { Rule } from "./rule.ts";

export const rules: readonly Rule[] = [...exposureRules];

/** Names that are no rules of their own: the shared settings, and the two advisory reports of the pack. */
export const reserved = {
  settings: "settings",
  exemptions: "exemption-in-use",
  undecided: "undecided-until-up",
} as const;

export function ruleNamed(name: string): Rule | undefined {
  return rules.find((rule) => rule.name === name);
}
