// What a container reaches, tried from its network namespace with this machine's tools: what its image has does not matter.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { worldAddress, worldAddress6, worldPort } from "../outside.ts";

export interface Reached {
  /** Address in the world -> whether a connection came about. */
  readonly tcp: Readonly<Record<string, boolean>>;
}

/** Connects, sends a datagram to each address of the world, and asks the container's own resolvers for a name. */
export async function reachedFrom(pid: number): Promise<Reached> {
  const resolvConf = readFileSync(`/proc/${pid}/root/etc/resolv.conf`, "utf8");
  const servers = [...resolvConf.matchAll(/^nameserver (\S+)/gm)].map(([, server]) => server);
  const args = [`${worldPort}`, [worldAddress, worldAddress6].join(","), servers.join(",")];
  const script = join(import.meta.dirname, "reach.py");
  const { stdout } = await execa("nsenter", [`--target=${pid}`, "--net", "python3", script, ...args]);
  return JSON.parse(stdout) as Reached;
}
