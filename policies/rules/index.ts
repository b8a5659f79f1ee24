// Every rule of the pack, in the order of the documentation.

import type { Rule } from "../rule.ts";
import { egressRules } from "./egress.ts";
import { exposureRules } from "./exposure.ts";
import { isolationRules } from "./isolation.ts";
import { mountRules } from "./mounts.ts";
import { ownershipRules } from "./ownership.ts";
import { resourceRules } from "./resources.ts";
import { secretRules } from "./secrets.ts";
import { supplyChainRules } from "./supply-chain.ts";
import { telemetryRules } from "./telemetry.ts";

export const rules: readonly Rule[] = [
  ...exposureRules,
  ...egressRules,
  ...telemetryRules,
  ...secretRules,
  ...isolationRules,
  ...mountRules,
  ...ownershipRules,
  ...resourceRules,
  ...supplyChainRules,
];

/** The one key of a configuration that is neither a rule nor `all`. */
export const settingsKey = "settings";

export function ruleNamed(name: string): Rule | undefined {
  return rules.find((rule) => rule.name === name);
}
