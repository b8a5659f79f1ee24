// What runs where, as data: the services of the configuration beside what the engine says.
import type Docker from "dockerode";
import type { StackConfig } from "../../components/config/base.ts";
import { containerName } from "../../components/definition/names.ts";
import type { ServiceDefinition } from "../../components/definition/service.ts";
import { definitionsOf } from "../../components/services.ts";
import { label } from "../../lib/labels.ts";

export interface ServiceStatus {
  /** Name of the service. */
  service: string;
  container: string;
  /** Docker's own word (`running`, `restarting`, `exited` ...), `absent` without a container, `off` by configuration. */
  state: string;
  health: "healthy" | "unhealthy" | "starting" | "-";
  /** `127.0.0.1:8000`; empty when nothing is published. */
  addresses: string[];
  image: string;
  /** `real`, `stand-in`, or `-` without a container or its image. */
  kind: "real" | "stand-in" | "-";
  ok: boolean;
}

/** Label of an image that takes the place of software which this machine cannot get. */
const standInLabel = "io.xnai.image.standin";

/** Takes the engine's "no such thing" for undefined. */
function absent(error: { statusCode?: number }): undefined {
  if (error.statusCode !== 404) throw error;
}

export async function stackStatus(docker: Docker, config: StackConfig): Promise<ServiceStatus[]> {
  return Promise.all(definitionsOf(config).map((service) => serviceStatus(docker, config, service)));
}

async function serviceStatus(
  docker: Docker,
  config: StackConfig,
  definition: ServiceDefinition,
): Promise<ServiceStatus> {
  const service = definition.name;
  const container = containerName(config.prefix, definition);
  const on = config.services[service] === true;
  const nothing = { service, container, health: "-", addresses: [], image: "-", kind: "-" } as const;
  const info = await docker.getContainer(container).inspect().catch(absent);
  if (!info || info.Config.Labels[label.stack] !== config.prefix)
    return { ...nothing, addresses: [], state: on ? "absent" : "off", ok: !on };
  const health = (info.State.Health?.Status ?? "-") as ServiceStatus["health"];
  // An image may have been removed by force while its container runs on.
  const image = await docker.getImage(info.Image).inspect().catch(absent);
  return {
    service,
    container,
    state: on ? info.State.Status : `${info.State.Status}, though off`,
    health,
    addresses: Object.values(info.HostConfig.PortBindings ?? {})
      .flatMap((bindings) => bindings as { HostIp: string; HostPort: string }[])
      .map(({ HostIp, HostPort }) => `${HostIp}:${HostPort}`)
      .toSorted(),
    image: info.Config.Image.replace(/@sha256:([0-9a-f]{12}).*/, "@$1"),
    kind: !image ? "-" : image.Config.Labels?.[standInLabel] === "true" ? "stand-in" : "real",
    ok: on && info.State.Status === "running" && health === "healthy",
  };
}
