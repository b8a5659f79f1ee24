// Whether a container can reach outside of the host, and by which network.
import { isLoopback } from "../../../lib/addresses.ts";
import type { EngineTraits } from "../../../lib/engine/traits.ts";
import { identities } from "../../facts/identity.ts";
import type { Inventory } from "../../facts/inventory.ts";
import type { ContainerFacts, NetworkFacts } from "../../facts/model.ts";
import { isKnown, type Maybe, map, some, UNKNOWN } from "../../facts/unknown.ts";
import { type Said, say, shown } from "../../say.ts";

import type { Settings } from "../../settings.ts";

/** The sysctl that limits how many hops a container's packets take. */
export const ttl = "net.ipv4.ip_default_ttl";

/** The container whose network it uses: itself, or the one of this stack whose network it shares. */
export function networkOwner(container: ContainerFacts, inventory: Inventory): ContainerFacts {
  const [, name] = isKnown(container.networkMode) ? (/^container:(.+)$/.exec(container.networkMode) ?? []) : [];
  return (name !== undefined && inventory.named.get(name)?.[0]) || container;
}

/** How a container can reach outside of the host. */
export interface WayOut {
  /** A sentence without its full stop. */
  why: Said;
  /** Whether it leads out over IPv6 too. */
  ipv6: boolean;
}

/** The way out of a container's networks; undefined if there is none. Host networking has a rule of its own. */
export function wayOut(
  container: ContainerFacts,
  inventory: Inventory,
  engine: EngineTraits,
): Maybe<WayOut | undefined> {
  const { networks, networkMode } = container;
  if (!isKnown(networkMode)) return UNKNOWN;
  if (networkMode === "none" || networkMode === "host" || networkMode.startsWith("container:")) return undefined;
  if (!isKnown(networks)) return UNKNOWN;
  const byMode = ["", "bridge", "default"].includes(networkMode)
    ? []
    : [wayThrough(networkMode, inventory, engine, say`its network`)];
  if (byMode.length + networks.length === 0) return { why: say`it is on the engine's default bridge`, ipv6: false };
  const byName = networks.map(
    (each): Maybe<WayOut | undefined> =>
      isKnown(each) && isKnown(each.network) ? wayThrough(each.network, inventory, engine) : UNKNOWN,
  );
  const ways = [...byMode, ...byName];
  const way = ways.find((each): each is WayOut => isKnown(each) && each !== undefined);
  return way ?? (ways.includes(UNKNOWN) ? UNKNOWN : undefined);
}

function wayThrough(
  name: string,
  inventory: Inventory,
  engine: EngineTraits,
  by = say`the network ${shown(name, "name")}`,
): Maybe<WayOut | undefined> {
  if (name === "host" || name === "none") return undefined;
  if (name === "bridge") return { why: say`it is on the engine's default bridge`, ipv6: false };
  const network = inventory.networks.get(name);
  if (!network) return { why: say`${by} is not declared here`, ipv6: false };
  const noRoute = hasNoRoute(network, engine);
  return map(network.internal, (internal) => {
    if (internal || noRoute === true) return undefined;
    if (!isKnown(noRoute)) return UNKNOWN;
    const ipv6 = network.ipv6 === true;
    return { why: say`the network ${shown(name, "name")} is not internal${ipv6 ? say` and has IPv6` : say``}`, ipv6 };
  });
}

/** Whether Podman gives what joins a network no route out of it. Docker knows no such option. */
export function hasNoRoute({ options }: NetworkFacts, { kind }: EngineTraits): Maybe<boolean> {
  if (kind !== "podman") return false;
  return map(options, (known) => map(known[noRouteOption] ?? "", (value) => value === "true"));
}

/** Option of a network of Podman's: podman-network-create(1). */
export const noRouteOption = "no_default_route";

/**
 * Whether its packets end at the host: with a time to live of 1 they do at the first router, which is the host itself. 2
 * is what clients on the same link need when it publishes beyond loopback, but an engine without root sends packets of its own
 * for whatever gets as far as to it. IPv6 has a hop limit of its own.
 */
export function endsAtHost(container: ContainerFacts, way: WayOut, { rootless }: EngineTraits): Maybe<boolean> {
  if (!isKnown(container.sysctls)) return UNKNOWN;
  if (way.ipv6) return false;
  const value = container.sysctls[ttl] ?? "";
  if (!isKnown(value)) return UNKNOWN;
  return value === "1" || (value === "2" && !rootless && publishesBeyondLoopback(container) === true);
}

/**
 * Whether it is among the services that answer clients behind a router, and publishes for them. Without masquerade, which
 * another rule asks for, it can send what it likes, but no connection that it opens comes about.
 */
export function answersRouters(
  container: ContainerFacts,
  routed: readonly string[],
  settings: Settings,
): Maybe<boolean> {
  if (routed.length === 0 || settings.engine.rootless) return false;
  return map(identities(container, settings), (ids) => {
    const meant = ids.length > 0 && ids.every((id) => routed.includes(id));
    return meant && publishesBeyondLoopback(container) === true;
  });
}

function publishesBeyondLoopback(container: ContainerFacts): Maybe<boolean> {
  return some(container.ports, ({ ip }) => map(ip, (address) => !isLoopback(address)));
}
