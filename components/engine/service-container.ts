// The container of a service, as the provider takes it. Pure; what all containers have comes from hardening.ts.
import { createHash } from "node:crypto";
import type * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import { label, taskRole } from "../../lib/labels.ts";
import { hostGateway } from "../../policies/rules/exposure/host-services.ts";
import { ownerOf, type StackConfig } from "../config/keys/base.ts";
import { type Container, hostName } from "../definition/container.ts";
import { containerName, setupTaskName, taskContainerName } from "../definition/names.ts";
import type { PlainContainer } from "./api/create-options.ts";
import { formsOf } from "./forms/index.ts";
import { confinement, egressLimits, labels, limits, publishedPorts } from "./hardening.ts";
import { healthcheck } from "./healthcheck.ts";

/** A service's container as its definition describes it. */
export interface NamedContainer extends Container {
  /** Key of the service in the configuration. */
  service: string;
  /** What follows the prefix in the container's name. @default service */
  containerSuffix?: string;
}

/** What it is given by the stack. */
export interface ContainerParts {
  /** Reference of its image. */
  image: string;
  volumes: docker.types.input.ContainerVolume[];
  /** Names of its networks, and what others on them call it. */
  networks: { name: string; alias: string }[];
  /** Ids of what it is replaced with (tasks/marker.ts). */
  follows: pulumi.Output<string>;
}

/** The inputs of its `docker.Container`. */
export function containerArgs(
  config: StackConfig,
  container: NamedContainer,
  { image, volumes, networks, follows }: ContainerParts,
): docker.ContainerArgs {
  const { service, containerSuffix } = container;
  const written = {
    ...described(config, container, { image, volumes, networks }),
    name: containerName(config.prefix, { name: service, containerSuffix }),
    ports: publishedPorts(config, service),
    ...(container.health && { healthcheck: healthcheck(container.health) }),
    // The program waits itself (readiness/).
    wait: false,
    // Not `unless-stopped`: an engine that was killed stops what it finds running when it starts again, and takes that
    // for the user's wish (tried on Docker 20.10).
    restart: "always",
    destroyGraceSeconds: container.stopGraceSeconds,
    labels: labels(config, service, { ...container.labels, [label.role]: "service" }),
  } as PlainContainer;
  return {
    ...formsOf(config.engine).container(written, config.engine),
    // Means nothing without `wait`, and never reaches the engine. What depends on a replaced resource by a property is
    // stopped before that one by Pulumi, in the right order; `replaceWith` sees to no order. It has to be a property that
    // has no value of its own otherwise: for one such as `labels` the provider sees no change in "not known yet".
    waitTimeout: follows.apply(asNumber),
  };
}

/** What runs to its end, as the program itself makes it: nobody on its networks calls it by a name, and nothing starts it again. */
export function onceContainer(
  config: StackConfig,
  container: NamedContainer,
  parts: Omit<ContainerParts, "follows">,
): PlainContainer & { name: string } {
  const { service: name, containerSuffix } = container;
  return formsOf(config.engine).task({
    ...described(config, container, parts),
    name: taskContainerName(config.prefix, setupTaskName({ name, containerSuffix })),
    mustRun: false,
    restart: "no",
    labels: labels(config, name, { ...container.labels, [label.role]: taskRole }),
  } as PlainContainer & { name: string });
}

/** What its definition asks for, within what every container has. */
function described(
  config: StackConfig,
  container: NamedContainer,
  { image, volumes, networks }: Omit<ContainerParts, "follows">,
) {
  const { service } = container;
  const { uid, gid } = ownerOf(config, service);
  return {
    ...confinement(container.capabilities ?? []),
    ...limits(limitsOf(config, container)),
    ...egressLimits(config, service),
    image,
    user: `${uid}:${gid}`,
    ...(container.entrypoint && { entrypoints: container.entrypoint }),
    ...(container.command && { command: container.command }),
    envs: Object.entries(container.env ?? {})
      .map(([key, value]) => `${key}=${value}`)
      .toSorted(),
    ...(container.workingDir !== undefined && { workingDir: container.workingDir }),
    readOnly: container.readOnlyRoot ?? true,
    tmpfs: container.tmpfs ?? {},
    ...(container.shmMiB !== undefined && { shmSize: container.shmMiB }),
    volumes,
    ...(container.reachesHost && { hosts: [{ host: hostName, ip: hostGateway }] }),
    networksAdvanced: networks.map(({ name, alias }) => ({ name, aliases: [alias] })),
    ...(container.devices && container.devices.length > 0 && { devices: container.devices.map(device) }),
    ...(container.gpus && { gpus: "all" }),
    ...(container.stopSignal && { stopSignal: container.stopSignal }),
    stopTimeout: container.stopGraceSeconds,
  };
}

/** It may be used, and none may be made from it. */
const device = (path: string) => ({ hostPath: path, containerPath: path, permissions: "rw" });

/** A number for a text: another one for another text. */
export const asNumber = (text: string) =>
  Number.parseInt(createHash("sha256").update(text).digest("hex").slice(0, 7), 16);

/** The limits of the configuration over the service's own, one by one. */
export const limitsOf = (config: StackConfig, { service, limits }: Pick<NamedContainer, "service" | "limits">) => ({
  ...limits,
  ...definedOnly(config.resources[service]),
});

const definedOnly = <T extends object>(value: T | undefined): Partial<T> =>
  Object.fromEntries(Object.entries(value ?? {}).filter(([, item]) => item !== undefined)) as Partial<T>;
