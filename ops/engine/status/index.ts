// What runs where: the services of the configuration beside what the engine says, as data and as a table.

import type Docker from "dockerode";
import pc from "picocolors";
import { imageLabel } from "../../../airgap/images/labels.ts";
import type { StackConfig } from "../../../components/config/keys/base.ts";
import type { Health } from "../../../components/definition/container.ts";
import { containerName } from "../../../components/definition/names.ts";
import type { ServiceDefinition } from "../../../components/definition/service.ts";
import { execIn } from "../../../components/engine/api/exec.ts";
import { ignore } from "../../../components/engine/api/ignore.ts";
import { linesOf } from "../../../components/engine/api/output.ts";
import { definitionsOf } from "../../../components/services.ts";
import { isGone } from "../../../lib/engine/connection-error.ts";
import { exitCode, XnaiError } from "../../../lib/errors.ts";
import { label } from "../../../lib/labels.ts";
import { table } from "../../../lib/table.ts";
import type { StackState } from "../../pulumi/state.ts";
import { onceStatus } from "./once.ts";
import { reasonOf } from "./reason.ts";
import { type ServiceStatus, shortReference } from "./service-status.ts";

export type { ServiceStatus };

/**
 * What every service does, in the order of the table. A container without the label of this stack does not count.
 * @param state what has run to its end stands there. @default it is not in this clone
 * @throws XnaiError (failed) when the engine has gone away since it was found
 */
export async function stackStatus(
  docker: Docker,
  config: StackConfig,
  state?: StackState | undefined,
): Promise<ServiceStatus[]> {
  try {
    return await Promise.all(
      definitionsOf(config).map((service) =>
        service.once ? onceStatus(docker, config, service, state) : serviceStatus(docker, config, service),
      ),
    );
  } catch (error) {
    if (!isGone(error)) throw error;
    throw new XnaiError(
      exitCode.failed,
      `The Docker engine went away meanwhile (${error.message}), so that nobody knows what runs.`,
      "Start it, then run the same command again.",
      { cause: error },
    );
  }
}

async function serviceStatus(
  docker: Docker,
  config: StackConfig,
  definition: ServiceDefinition,
): Promise<ServiceStatus> {
  const { name: service } = definition;
  const container = containerName(config.prefix, definition);
  const on = config.services[service] === true;
  const nothing = { service, container, health: "-", addresses: [], image: "-", kind: "-", warnings: [] } as const;
  const info = await docker.getContainer(container).inspect().catch(ignore(404));
  if (!info || info.Config.Labels[label.stack] !== config.prefix)
    return { ...nothing, addresses: [], warnings: [], state: on ? "absent" : "off", ok: !on };
  const runs = info.State.Running && !info.State.Paused;
  const { health: check } = definition.container(config);
  const [asked, warnings, image] = await Promise.all([
    runs && check ? healthNow(docker, check, info.Id) : undefined,
    runs ? warningsNow(docker, config, definition, info.Id) : [],
    // An image may have been removed by force while its container runs on.
    docker.getImage(info.Image).inspect().catch(ignore(404)),
  ]);
  const health = asked?.health ?? "-";
  const ok = on && info.State.Status === "running" && health === "healthy";
  const reason = ok || !on ? undefined : await reasonOf(docker, definition, info, asked?.said);
  return {
    service,
    container,
    state: on ? info.State.Status : `${info.State.Status}, though off`,
    health,
    addresses: Object.values(info.HostConfig.PortBindings ?? {})
      .flatMap((bindings) => bindings as { HostIp: string; HostPort: string }[])
      .map(({ HostIp, HostPort }) => `${HostIp}:${HostPort}`)
      .toSorted(),
    image: shortReference(info.Config.Image),
    kind: !image ? "-" : image.Config.Labels?.[imageLabel.standIn] === "true" ? "stand-in" : "real",
    ok,
    ...(reason !== undefined && { reason }),
    warnings,
  };
}

/** How long one service may take to answer, milliseconds. */
const answersWithinMs = 10_000;

/**
 * Asks the service by its own health check. The engine asks only every half minute, and what it knows is as old as that; of a
 * service that has just started it says nothing.
 */
async function healthNow(
  docker: Docker,
  { test }: Health,
  id: string,
): Promise<{ health: ServiceStatus["health"]; said?: string }> {
  const asked = await execIn(docker, docker.getContainer(id), test, answersWithinMs).catch(() => undefined);
  if (asked?.code === 0) return { health: "healthy" };
  const silent = asked && asked.code === undefined ? `no answer within ${answersWithinMs / 1000} s` : undefined;
  return { health: "unhealthy", said: linesOf(asked?.output ?? "").at(-1) ?? silent ?? "" };
}

/** What its definition asks besides; a service that does not answer has other worries. */
async function warningsNow(
  docker: Docker,
  config: StackConfig,
  { warning }: ServiceDefinition,
  id: string,
): Promise<string[]> {
  if (!warning) return [];
  const command = [...warning.command];
  const asked = await execIn(docker, docker.getContainer(id), command, answersWithinMs).catch(() => undefined);
  const text = asked?.code === 0 ? warning.read(asked.output, config) : undefined;
  return text === undefined ? [] : [text];
}

/** The table that `status` prints, and `up` at its end. */
export function statusTable(services: ServiceStatus[]): string {
  const rows = services.map(({ service, state, ended, health, addresses, image, kind, ok }) => {
    const colour = ok ? (state === "off" ? pc.dim : pc.green) : pc.red;
    return [
      service,
      colour(ended === undefined ? state : `${state} ${ended.slice(0, 16).replace("T", " ")} (exit code 0)`),
      colour(health),
      addresses.join(" ") || "-",
      image,
      kind === "stand-in" ? pc.yellow(kind) : kind,
    ];
  });
  const reasons = services.flatMap(({ service, reason }) => (reason ? [pc.red(`${service}: ${reason}`)] : []));
  const warnings = services.flatMap(({ service, warnings }) =>
    warnings.map((text) => `\n${pc.yellow(`${service}:`)} ${text}`),
  );
  const text = [
    table(["service", "state", "health", "address", "image", "kind"], rows),
    ...(reasons.length > 0 ? ["", ...reasons] : []),
    ...warnings,
  ].join("\n");
  const standIns = services.filter(({ kind }) => kind === "stand-in").map(({ service }) => service);
  if (standIns.length === 0) return text;
  return `${text}\n\n${pc.yellow(`${standIns.join(" and ")}: a stand-in, not the real software`)}. It is for trying the stack on a machine without Docker Hub.`;
}
