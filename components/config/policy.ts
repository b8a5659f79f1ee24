// What the stack's own configuration means for the rules: an address or an egress that the user wrote there on purpose
// is allowed, and nothing else is.

import { reach } from "./exposure.ts";
import type { StackConfig } from "./schema.ts";

type Raw = Record<string, unknown>;

/** The configuration of the policies, in the form of `--policy-pack-config`: the user's own, and what follows from the rest. */
export function policyConfigOf({ policy, egress, exposure }: Pick<StackConfig, "policy" | "egress" | "exposure">): Raw {
  const result: Raw = { ...policy };
  if (egress.length > 0) result.settings = withMore(policy.settings, "egress", egress);
  const address = exposure.caddy === false ? undefined : exposure.caddy.address;
  if (address !== undefined && reach(address) !== "loopback") {
    const rule = "port-bound-to-loopback";
    result[rule] = withMore(policy[rule], "addresses", [address]);
  }
  return result;
}

/** A rule's configuration (a level, or an object) as an object with more elements in one of its lists. */
function withMore(value: unknown, list: string, more: readonly string[]): Raw {
  const object: Raw =
    typeof value === "object" && value !== null ? { ...value } : value ? { enforcementLevel: value } : {};
  const own = Array.isArray(object[list]) ? (object[list] as unknown[]) : [];
  return { ...object, [list]: [...new Set([...own, ...more])] };
}
