// A second process of a service's image for a task: the server in one container, and beside it, in the same network
// namespace, a client that can speak to its loopback.
import type * as docker from "@pulumi/docker";
import type Docker from "dockerode";
import { label, taskRole } from "../../../lib/labels.ts";
import { ownerOf } from "../../config/keys/base.ts";
import { clientName, taskContainerName } from "../../definition/names.ts";
import type { HttpTask, Instance } from "../../definition/task.ts";
import type { PlainContainer } from "../api/create-options.ts";
import { lastLines, quoted } from "../api/output.ts";
import { formsOf } from "../forms/index.ts";
import { confinement, egressLimits, labels, limits } from "../hardening.ts";
import type { Networks } from "../networks.ts";
import { createAnew, type RunArgs } from "./run.ts";
import type { TaskContext } from "./task.ts";

/** What the containers are made with. */
export interface InstanceArgs extends TaskContext {
  /** Service that the task belongs to. */
  service: string;
  networks: Networks;
  /** Where the service's files are, read-only. */
  volumes: docker.types.input.ContainerVolume[];
}

type Named = PlainContainer & { name: string };

/** Both containers, in plain values. */
export interface InstanceContainers {
  server: Named;
  client: Named;
}

/** Both containers as the provider would take them. Pure. */
export function instanceContainers(
  task: Pick<HttpTask, "name">,
  instance: Instance,
  args: InstanceArgs,
): InstanceContainers {
  const { config, service, images, networks, volumes } = args;
  const { uid, gid } = ownerOf(config, service);
  const name = taskContainerName(config.prefix, task.name);
  const common = {
    ...confinement([]),
    user: `${uid}:${gid}`,
    labels: labels(config, service, { [label.role]: taskRole }),
    readOnly: true,
    mustRun: false,
    restart: "no",
  };
  const { task: form } = formsOf(config.engine);
  return {
    server: form({
      ...common,
      ...limits({ memoryMiB: instance.memoryMiB, cpus: 1 }),
      ...egressLimits(config, service),
      name,
      image: images.get(service).ref,
      command: instance.command,
      envs: Object.entries(instance.env).map(([key, value]) => `${key}=${value}`),
      networksAdvanced: [{ name: networks.get(instance.network).name }],
      volumes: volumes as PlainContainer["volumes"],
      tmpfs: instance.tmpfs,
      stopSignal: instance.stopSignal,
    } as Named),
    client: form({
      ...common,
      ...limits({ memoryMiB: 16, cpus: 1 }),
      name: clientName(name),
      image: images.get("busybox").ref,
      // Until it is removed; it ends by itself if nobody does that.
      entrypoints: ["sleep", "600"],
      stopSignal: "SIGKILL",
      networkMode: `container:${name}`,
    } as Named),
  };
}

/** @throws Error with the server's last words if it has ended, else `error` */
async function asItEnded(running: Docker.Container, name: string, error?: Error): Promise<never> {
  const { Running, ExitCode } = (await running.inspect()).State;
  if (Running && error) throw error;
  throw new Error(`${name} ended with ${ExitCode} before its work was done. ${quoted(await lastLines(running))}`);
}

/**
 * Runs both while `work` uses the client.
 * @throws Error with the server's last lines when it ends before the work does; what `work` throws
 */
export async function withInstance<T>(
  docker: Docker,
  { server, client }: InstanceContainers,
  context: Pick<RunArgs, "state" | "limits" | "say" | "deadlineSeconds">,
  work: (client: Docker.Container) => Promise<T>,
): Promise<T> {
  const made: Docker.Container[] = [];
  const start = async (container: Named) => {
    const created = await createAnew(docker, { ...context, container });
    made.unshift(created);
    await created.start();
    return created;
  };
  try {
    const running = await start(server);
    const ended = running.wait().then(() => asItEnded(running, server.name));
    ended.catch(() => undefined);
    // Nothing joins the network of a server that has ended: its own words say more.
    const done = start(client).then(work);
    return await Promise.race([ended, done.catch((error: Error) => asItEnded(running, server.name, error))]);
  } finally {
    for (const container of made) {
      if (container === made.at(-1)) await container.stop().catch(() => undefined);
      await container.remove({ force: true, v: true }).catch(() => undefined);
    }
  }
}
