// What must be free before anything is changed: names, ports, and the place where the data is.
import { createServer } from "node:net";
import type Docker from "dockerode";
import type { StackConfig } from "../../components/config/base.ts";
import { namesOf } from "../../components/names.ts";
import { bindingsOf } from "../../components/services.ts";
import { exitCode, XnaiError } from "../../lib/errors.ts";
import { label } from "../../lib/labels.ts";
import type { StackState } from "../pulumi/state.ts";

const containerType = "docker:index/container:Container";
const volumeType = "docker:index/volume:Volume";

/** Ids of the containers that are this stack's own, by its state. */
export const ownContainers = (state: StackState) =>
  new Set(state.resources.filter(({ type, id }) => type === containerType && id).map(({ id }) => id as string));

function listens(address: string, port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => done(error.code === "EADDRINUSE"));
    server.listen({ host: address, port, exclusive: true }, () => server.close(() => done(false)));
  });
}

/** Names that something else has. A volume that carries the stack's label is its own, whatever state says of it. */
async function takenNames(docker: Docker, config: StackConfig, state: StackState): Promise<string[]> {
  const names = namesOf(config);
  const own = new Set(state.resources.map(({ id }) => id));
  const ours = (labels?: Record<string, string>) => labels?.[label.stack] === config.prefix;
  const otherwise = `or set another prefix (now ${config.prefix}).`;
  const containers = (await docker.listContainers({ all: true })).flatMap(({ Id, Names, Image, Labels }) => {
    const name = Names.map((item) => item.slice(1)).find((item) => names.containers.includes(item));
    return own.has(Id) || !name ? [] : [{ name, Image, twin: ours(Labels) }];
  });
  const networks = (await docker.listNetworks())
    .filter(({ Id, Name }) => names.networks.includes(Name) && !own.has(Id))
    .map(({ Name, Labels }) => ({ Name, twin: ours(Labels) }));
  const volumes = (await docker.listVolumes()).Volumes.filter(
    ({ Name, Labels }) => names.volumes.includes(Name) && !own.has(Name) && !ours(Labels),
  );
  return [
    ...twinStack(
      config.prefix,
      containers.filter(({ twin }) => twin).length,
      networks.filter(({ twin }) => twin).map(({ Name }) => Name),
    ),
    ...containers
      .filter(({ twin }) => !twin)
      .map(
        ({ name, Image }) =>
          `The container name ${name} is taken by a container of ${Image} that this stack did not make: remove it (docker rm -f ${name}), ${otherwise}`,
      ),
    ...networks
      .filter(({ twin }) => !twin)
      .map(
        ({ Name }) =>
          `The network name ${Name} is taken by a network that this stack did not make: remove it (docker network rm ${Name}), ${otherwise}`,
      ),
    ...volumes.map(
      ({ Name }) =>
        `The volume name ${Name} is taken by a volume that this stack did not make: see docs/moving.md if its data should move in, ${otherwise}`,
    ),
  ];
}

/** A stack of the same prefix, by its labels, that this clone's state does not know. */
function twinStack(prefix: string, containers: number, networks: string[]): string[] {
  if (containers + networks.length === 0) return [];
  const remove = [
    ...(containers > 0 ? [`docker rm -f $(docker ps -aq --filter label=${label.stack}=${prefix})`] : []),
    ...(networks.length > 0 ? [`docker network rm ${networks.join(" ")}`] : []),
  ].join(" && ");
  return [
    `A stack with the prefix ${prefix} is on this engine already (${containers} containers, ${networks.length} networks), and this clone did not make it. Work in the clone that did, or set another prefix.
  If that clone is lost: ${remove}
  The data stays in its volumes; up takes it over with new passwords; Vikunja's users keep those they had.`,
  ];
}

/** `127.0.0.1:6333` of this stack's own containers that run. In a crash loop the engine lists a container without its ports. */
function ownPorts(state: StackState, running: Docker.ContainerInfo[]): Set<string> {
  const ids = new Set(running.map(({ Id }) => Id));
  const ports = state.resources
    .filter(({ type, id }) => type === containerType && id !== undefined && ids.has(id))
    .flatMap(({ inputs }) => (inputs?.ports ?? []) as { ip?: string; external?: number }[]);
  return new Set(ports.map(({ ip, external }) => `${ip}:${external}`));
}

async function takenPorts(docker: Docker, config: StackConfig, state: StackState): Promise<string[]> {
  const own = ownContainers(state);
  const running = await docker.listContainers();
  const known = ownPorts(state, running);
  const problems: string[] = [];
  for (const { service, key, address, port } of bindingsOf(config)) {
    if (known.has(`${address}:${port}`)) continue;
    const holder = running.find(({ Ports }) => Ports.some((item) => item.PublicPort === port && item.Type === "tcp"));
    if ((holder && own.has(holder.Id)) || !(await listens(address, port))) continue;
    const who = holder ? `the container ${holder.Names[0]?.slice(1)}` : "another program";
    problems.push(
      `Port ${address}:${port} is taken by ${who}: stop it, or set exposure.${service}.${key} to a free port.`,
    );
  }
  return problems;
}

/** @throws XnaiError (machine) that names every clash; nothing has been changed by then */
export async function checkFree(docker: Docker, config: StackConfig, state: StackState): Promise<void> {
  const problems = [...(await takenNames(docker, config, state)), ...(await takenPorts(docker, config, state))];
  if (problems.length > 0)
    throw new XnaiError(
      exitCode.machine,
      problems.join("\n"),
      "Nothing was changed. Run the same command again afterwards.",
    );
}

/** Data does not move by itself: another `prefix` or `storage.root` would start empty beside it. */
export function checkDataStays(config: StackConfig, state: StackState): void {
  const volumes = state.resources
    .filter(({ type, urn }) => type === volumeType && !urn.endsWith("-config"))
    .map(({ inputs }) => String(inputs?.name));
  const stray = volumes.find((name) => !name.startsWith(`${config.prefix}_`));
  if (stray)
    throw new XnaiError(
      exitCode.usage,
      `prefix is ${config.prefix}, but this stack's data is in volumes such as ${stray}.`,
      "Set prefix back, or make a new stack for the new prefix (npm run up -- --stack NAME). Nothing was changed.",
    );
  const root = config.storage.root;
  if (volumes.length > 0 && root !== undefined)
    throw new XnaiError(
      exitCode.usage,
      `storage.root is ${root}, but this stack's data is in Docker volumes (${volumes.join(", ")}).`,
      "Remove storage.root, or make a new stack for the directory. Nothing was changed.",
    );
  const hostPaths = state.resources
    .filter(({ type, urn }) => type === containerType && urn.endsWith("-prepare"))
    .flatMap(({ inputs }) => (inputs?.volumes ?? []) as { hostPath?: string }[])
    .flatMap(({ hostPath }) => (hostPath ? [hostPath] : []));
  const elsewhere = hostPaths.find((path) => root === undefined || !path.startsWith(`${root}/`));
  if (elsewhere)
    throw new XnaiError(
      exitCode.usage,
      `storage.root is ${root ?? "not set"}, but this stack's data is in ${elsewhere}.`,
      "Set storage.root back, or make a new stack. Nothing was changed.",
    );
}
