// Every rule of the pack, by area, in the order of docs/policies.md.
import { nearest } from "../../lib/nearest.ts";
import { type Rule, rules } from "../rule.ts";
import { allRulesKey, settingsKey } from "../settings.ts";
import { egressRules } from "./exposure/egress.ts";
import { hostPortRules } from "./exposure/host-ports.ts";
import { hostServiceRules } from "./exposure/host-services.ts";
import { networkRules } from "./exposure/networks.ts";
import { publishedPortRules } from "./exposure/published-ports.ts";
import { capabilityRules } from "./isolation/capabilities.ts";
import { hostMountRules } from "./isolation/host-mounts.ts";
import { namespaceRules } from "./isolation/namespaces.ts";
import { ownershipRules } from "./isolation/ownership.ts";
import { privilegeRules } from "./isolation/privileges.ts";
import { sharedMountRules } from "./isolation/shared-mounts.ts";
import { availabilityRules } from "./resources/availability.ts";
import { limitRules } from "./resources/limits.ts";
import { storageRules } from "./resources/storage.ts";
import { authenticationRules } from "./secrets/authentication.ts";
import { credentialRules } from "./secrets/credentials.ts";
import { tlsRules } from "./secrets/tls.ts";
import { imageRules } from "./supply-chain/images.ts";
import { loopholeRules } from "./supply-chain/loopholes.ts";
import { telemetryRules } from "./telemetry/telemetry.ts";

export const allRules: readonly Rule[] = [
  ...rules("exposure", [...publishedPortRules, ...hostPortRules, ...networkRules, ...egressRules, ...hostServiceRules]),
  ...rules("telemetry", telemetryRules),
  ...rules("secrets", [...credentialRules, ...authenticationRules, ...tlsRules]),
  ...rules("isolation", [
    ...privilegeRules,
    ...capabilityRules,
    ...namespaceRules,
    ...hostMountRules,
    ...sharedMountRules,
    ...ownershipRules,
  ]),
  ...rules("resources", [...limitRules, ...availabilityRules, ...storageRules]),
  ...rules("supply-chain", [...imageRules, ...loopholeRules]),
];

/** The rule of that name; undefined if there is none. */
export function ruleNamed(name: string): Rule | undefined {
  return allRules.find((rule) => rule.name === name);
}

/** What is wrong with a name that is neither a rule nor another key of a configuration, with the one that was meant. */
export function unknownRule(name: string): string {
  const near = nearest(name, [...allRules.map((rule) => rule.name), settingsKey, allRulesKey]);
  return `there is no rule "${name}"${near === undefined ? "" : `; did you mean "${near}"?`}`;
}
