// The cases of all rules, in the order of policies/rules/all.ts.
import type { RuleCases } from "./case.ts";
import { egressCases } from "./exposure/egress.cases.ts";
import { hostPortCases } from "./exposure/host-ports.cases.ts";
import { hostServiceCases } from "./exposure/host-services.cases.ts";
import { networkCases } from "./exposure/networks.cases.ts";
import { publishedPortCases } from "./exposure/published-ports.cases.ts";
import { capabilityCases } from "./isolation/capabilities.cases.ts";
import { hostMountCases } from "./isolation/host-mounts.cases.ts";
import { namespaceRuleCases } from "./isolation/namespaces.cases.ts";
import { ownershipCases } from "./isolation/ownership.cases.ts";
import { privilegeCases } from "./isolation/privileges.cases.ts";
import { sharedMountCases } from "./isolation/shared-mounts.cases.ts";
import { availabilityCases } from "./resources/availability.cases.ts";
import { limitCases } from "./resources/limits.cases.ts";
import { storageCases } from "./resources/storage.cases.ts";
import { authenticationCases } from "./secrets/authentication.cases.ts";
import { credentialCases } from "./secrets/credentials.cases.ts";
import { tlsCases } from "./secrets/tls.cases.ts";
import { imageCases } from "./supply-chain/images.cases.ts";
import { loopholeCases } from "./supply-chain/loopholes.cases.ts";
import { telemetryCases } from "./telemetry/telemetry.cases.ts";

export const allCases: RuleCases[] = [
  ...publishedPortCases,
  ...hostPortCases,
  ...networkCases,
  ...egressCases,
  ...hostServiceCases,
  ...telemetryCases,
  ...credentialCases,
  ...authenticationCases,
  ...tlsCases,
  ...privilegeCases,
  ...capabilityCases,
  ...namespaceRuleCases,
  ...hostMountCases,
  ...sharedMountCases,
  ...ownershipCases,
  ...limitCases,
  ...availabilityCases,
  ...storageCases,
  ...imageCases,
  ...loopholeCases,
];
