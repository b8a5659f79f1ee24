// The cases of all rules.
import type { RuleCases } from "./case.ts";
import { exposureCases } from "./exposure.ts";
import { isolationCases } from "./isolation.ts";
import { resourceCases } from "./resources.ts";
import { secretCases } from "./secrets.ts";
import { supplyChainCases } from "./supply-chain.ts";
import { telemetryCases } from "./telemetry.ts";

export const allCases: RuleCases[] = [
  ...exposureCases,
  ...telemetryCases,
  ...secretCases,
  ...isolationCases,
  ...resourceCases,
  ...supplyChainCases,
];
