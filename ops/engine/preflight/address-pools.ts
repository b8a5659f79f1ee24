// Ranges of addresses for new networks: Docker has thirty-one unless it was given others, and a machine with many compose projects
// uses them up.
import ipaddr from "ipaddr.js";
import type { StackConfig } from "../../../components/config/keys/base.ts";
import { namesOf } from "../../../components/names.ts";
import { exitCode, XnaiError } from "../../../lib/errors.ts";
import type { Engine } from "../connection/connect.ts";

/** Ranges from which an engine takes one of 2^(32 - Size) addresses for each network, as `/info` has them. */
export interface Pool {
  /** `172.17.0.0/16` */
  Base: string;
  Size: number;
}

/** What Docker has where `/info` names none: https://docs.docker.com/engine/network/#automatic-subnet-allocation */
export const dockersOwn: readonly Pool[] = [
  ...Array.from({ length: 15 }, (_, index) => ({ Base: `172.${17 + index}.0.0/16`, Size: 16 })),
  { Base: "192.168.0.0/16", Size: 20 },
];

/**
 * Makes sure that the engine has ranges for the networks that the stack does not have yet. Docker also leaves out what the
 * routes of its machine lead to; that shows only when it refuses, which is put into words as well (lib/engine/refusals.ts).
 * @throws XnaiError (machine)
 */
export async function checkAddressPools(
  { docker, traits }: Pick<Engine, "docker" | "traits">,
  config: StackConfig,
  pools: readonly Pool[] = dockersOwn,
): Promise<void> {
  // Podman takes any private range that is free.
  if (traits.kind !== "docker") return;
  const networks = await docker.listNetworks();
  const there = new Set(networks.map(({ Name }) => Name));
  const needed = namesOf(config).networks.filter((name) => !there.has(name)).length;
  const used = networks.flatMap(({ IPAM }) => (IPAM?.Config ?? []).flatMap(({ Subnet }) => Subnet ?? []));
  const free = freeRanges(pools, used, needed);
  if (free >= needed) return;
  throw new XnaiError(
    exitCode.machine,
    `The engine has ranges of addresses for ${free} more networks, and the stack needs ${needed}: ${networks.length} networks are there.`,
    "Remove networks that nobody uses (docker network prune asks first), or give the engine more ranges: default-address-pools in /etc/docker/daemon.json, then restart it. Nothing was changed.",
  );
}

/** How many more networks find a range, counted no further than `enough`. Only IPv4. Pure. */
export function freeRanges(pools: readonly Pool[], used: readonly string[], enough: number): number {
  const taken = used.flatMap((subnet) => rangeOf(subnet) ?? []);
  let free = 0;
  for (const { Base, Size } of pools) {
    const base = rangeOf(Base);
    const step = 2 ** (32 - Size);
    for (let start = base?.start ?? 0; base && start < base.end && free < enough; start += step)
      if (!taken.some((each) => each.start < start + step && start < each.end)) free += 1;
  }
  return free;
}

/** First address and the one behind the last, as numbers; undefined for IPv6. */
function rangeOf(subnet: string): { start: number; end: number } | undefined {
  if (!ipaddr.IPv4.isValidCIDR(subnet)) return undefined;
  const [address, prefix] = ipaddr.IPv4.parseCIDR(subnet);
  const size = 2 ** (32 - prefix);
  const number = address.toByteArray().reduce((sum, byte) => sum * 256 + byte, 0);
  const start = Math.floor(number / size) * size;
  return { start, end: start + size };
}
