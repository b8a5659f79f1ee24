// The container of a service, as the provider takes it. Pure; what all containers have comes from hardening.ts.
import type * as docker from "@pulumi/docker";
import { label } from "../../lib/labels.ts";
import { ownerOf, type StackConfig } from "../config/keys/base.ts";
import type { Container } from "../definition/container.ts";
import { containerName } from "../definition/names.ts";
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
}

/** How long `up` waits for the first good health check, seconds. */
export const waitTimeoutSeconds = 90;

/** The inputs of its `docker.Container`. */
export function containerArgs(
  config: StackConfig,
  container: NamedContainer,
  { image, volumes, networks }: ContainerParts,
): docker.ContainerArgs {
  const { service, containerSuffix } = container;
  const { uid, gid } = ownerOf(config, service);
  return {
    ...confinement(container.capabilities ?? []),
    ...limits({ ...container.limits, ...definedOnly(config.resources[service]) }),
    ...egressLimits(config, service),
    name: containerName(config.prefix, { name: service, containerSuffix }),
    image,
    user: `${uid}:${gid}`,
    ...(container.entrypoint && { entrypoints: container.entrypoint }),
    ...(container.command && { command: container.command }),
    envs: Object.entries(container.env ?? {})
      .map(([key, value]) => `${key}=${value}`)
      .toSorted(),
    readOnly: true,
    tmpfs: container.tmpfs ?? {},
    volumes,
    networksAdvanced: networks.map(({ name, alias }) => ({ name, aliases: [alias] })),
    ports: publishedPorts(config, service),
    healthcheck: healthcheck(container.health),
    wait: true,
    waitTimeout: waitTimeoutSeconds,
    // Not `unless-stopped`: an engine that was killed stops what it finds running when it starts again, and takes that
    // for the user's wish (tried on Docker 20.10).
    restart: "always",
    ...(container.stopSignal && { stopSignal: container.stopSignal }),
    stopTimeout: container.stopGraceSeconds,
    destroyGraceSeconds: container.stopGraceSeconds,
    labels: labels(config, service, { [label.role]: "service" }),
  };
}

const definedOnly = <T extends object>(value: T | undefined): Partial<T> =>
  Object.fromEntries(Object.entries(value ?? {}).filter(([, item]) => item !== undefined)) as Partial<T>;
