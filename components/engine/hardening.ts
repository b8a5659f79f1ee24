// What every container of the stack gets, with no way to forget it. Pure.
import type * as docker from "@pulumi/docker";
import { reach } from "../../lib/addresses.ts";
import { label } from "../../lib/labels.ts";
import { noResolver } from "../../policies/rules/engine.ts";
import type { StackConfig } from "../config/keys/base.ts";
import type { Limits } from "../definition/container.ts";
import { bindingsOf, routedServices } from "../services.ts";

type ContainerArgs = docker.ContainerArgs;

/** Open files of a service unless `resources.<service>.nofile` says otherwise; an engine may be limited to 20,000. */
export const defaultNofile = 16_384;

/** Processes and threads of a service unless `resources.<service>.pids` says otherwise. */
export const defaultPids = 1024;

/** Labels on everything that belongs to a service. */
export const labels = (config: StackConfig, service: string, more: Record<string, string>) =>
  Object.entries({ [label.stack]: config.prefix, [label.service]: service, ...more })
    .map(([name, value]) => ({ label: name, value }))
    .toSorted((a, b) => a.label.localeCompare(b.label));

/** Confinement that services and tasks share. `no-new-privileges` bare: the form that every engine reads back unchanged. */
export const confinement = (capAdds: string[]): ContainerArgs => ({
  image: "",
  capabilities: { drops: ["ALL"], adds: capAdds.toSorted() },
  securityOpts: ["no-new-privileges"],
  logDriver: "json-file",
  logOpts: { "max-size": "10m", "max-file": "3" },
  // False, or the engine deletes an image's anonymous volumes with the container.
  removeVolumes: false,
});

/** As the provider reads it back (its nanoInt64ToDecimalString): `1.0`, `0.5`, but `10.`. Another form replaces every time. */
export function cpuText(cpus: number): string {
  const text = cpus.toFixed(9);
  return text.split("0").length - 1 === 9 ? cpus.toFixed(1) : text.replace(/0+$/, "");
}

/**
 * `memorySwap` equals `memory`, or every preview shows a change (the engine stores twice the memory). Processes are limited
 * by readiness/ready.ts: the provider has no field for them, and `nproc` would count the user's own on the host, too.
 */
export const limits = ({ memoryMiB, cpus, nofile = defaultNofile }: Omit<Limits, "pids">) => ({
  memory: memoryMiB,
  memorySwap: memoryMiB,
  cpus: cpuText(cpus),
  ulimits: [{ name: "nofile", soft: nofile, hard: nofile }],
});

const bindingsOfService = (config: StackConfig, service: string) =>
  bindingsOf(config).filter((binding) => binding.service === service);

/**
 * Keeps a container from reaching outside the host. TTL 1: the host drops its packets instead of forwarding them, while
 * other containers and published loopback ports are one hop away. The resolver on loopback: otherwise the engine asks the
 * host's resolver on the container's behalf, even on internal networks. A service that is exposed beyond loopback gets
 * TTL 2, so that clients on the same link are answered; one that answers through routers has no limit, and still no resolver.
 * An engine without root makes packets of its own from those of a container, with a TTL of their own: there 1 always holds, and
 * is enough.
 */
export function egressLimits(config: StackConfig, service: string): Pick<ContainerArgs, "sysctls" | "dns"> {
  if (config.egress.includes(service)) return {};
  const { kind, rootless } = config.engine;
  const dns = [noResolver[kind]];
  if (routedServices(config).includes(service)) return { dns };
  const exposed = !rootless && bindingsOfService(config, service).some(({ address }) => reach(address) !== "loopback");
  return { sysctls: { "net.ipv4.ip_default_ttl": exposed ? "2" : "1" }, dns };
}

/** Ports of a service on the host, sorted by container port: the engine reads them back in that order. */
export const publishedPorts = (config: StackConfig, service: string): docker.types.input.ContainerPort[] =>
  bindingsOfService(config, service).map(({ address, port, containerPort }) => ({
    internal: containerPort,
    external: port,
    ip: address,
    protocol: "tcp",
  }));
