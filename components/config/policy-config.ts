// What the stack's own configuration means for the rules: what the user wrote there on purpose is allowed, and nothing else.
import { isDeepStrictEqual } from "node:util";
import { reach } from "../../lib/addresses.ts";
import { plainDocker } from "../../lib/engine/traits.ts";
import { beyondLoopback, publishers } from "../../policies/tables/publishers.ts";
import { appsUsingHost } from "../apps/machine/host.ts";
import { publishersOf } from "../definition/binding.ts";
import { containerName } from "../definition/names.ts";
import { bindingsOf, definitionsOf, routedServices } from "../services.ts";
import type { StackConfig } from "./keys/base.ts";

type Raw = Record<string, unknown>;

/** The configuration of the policies, in the form of `--policy-pack-config`: the user's own, and what follows from the rest. */
export function policyConfigOf(config: StackConfig): Raw {
  const { policy, egress, engine } = config;
  const result: Raw = { ...policy };
  if (egress.length > 0) result.settings = withMore(policy.settings, "egress", egress);
  if (!isDeepStrictEqual(engine, plainDocker)) result.settings = { ...asObject(result.settings), engine };
  const reaching = appsUsingHost(config).map((name) => containerName(config.prefix, { name }));
  if (reaching.length > 0) result["no-host-gateway"] = withMore(result["no-host-gateway"], "containers", reaching);
  const routed = routedServices(config);
  if (routed.length > 0) result["egress-allowed"] = withMore(result["egress-allowed"], "routed", routed);
  const beyond = bindingsOf(config).filter(({ address }) => reach(address) !== "loopback");
  if (beyond.length > 0) {
    const rule = "port-bound-to-loopback";
    result[rule] = withMore(result[rule], "addresses", unique(beyond.map(({ address }) => address)));
    const others = beyond.map(({ service }) => service).filter((service) => !beyondLoopback.includes(service));
    if (others.length > 0) result[rule] = withMore(result[rule], "services", [...beyondLoopback, ...others]);
  }
  const more = unknownPublishers(config);
  if (Object.keys(more).length > 0) {
    const rule = asObject(policy["published-port-allowed"]);
    result["published-port-allowed"] = {
      ...rule,
      publishers: { ...publishers, ...asObject(rule.publishers), ...more },
    };
  }
  return result;
}

/** Ports of services that the pack itself does not know. */
function unknownPublishers(config: StackConfig): Record<string, number[]> {
  return publishersOf(definitionsOf(config).filter(({ name }) => !Object.hasOwn(publishers, name)));
}

const unique = (items: readonly string[]) => [...new Set(items)];

/** A rule's configuration, which may be a level alone, as an object. */
function asObject(value: unknown): Raw {
  if (typeof value === "object" && value !== null) return { ...value };
  return value ? { enforcementLevel: value } : {};
}

/** A rule's configuration with more elements in one of its lists. */
function withMore(value: unknown, list: string, more: readonly string[]): Raw {
  const object = asObject(value);
  const before = Array.isArray(object[list]) ? (object[list] as string[]) : [];
  return { ...object, [list]: unique([...before, ...more]) };
}
