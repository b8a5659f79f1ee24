// Ports on the host that the stack will publish and that something else listens on.
import { createServer } from "node:net";
import type Docker from "dockerode";
import type { StackConfig } from "../../../components/config/keys/base.ts";
import { bindingsOf } from "../../../components/services.ts";
import { containerIds, containers } from "../../pulumi/resources.ts";
import type { StackState } from "../../pulumi/state.ts";
import type { Engine } from "../connection/connect.ts";

/** One sentence, with what to do, for each port that is taken; of an engine elsewhere only by its own containers. */
export async function takenPorts(
  { docker, local }: Pick<Engine, "docker" | "local">,
  config: StackConfig,
  state: StackState,
): Promise<string[]> {
  const stackContainers = containerIds(state);
  const running = await docker.listContainers();
  const published = publishedByStack(state, running);
  const problems: string[] = [];
  for (const { key, address, port } of bindingsOf(config)) {
    if (published.has(`${address}:${port}`)) continue;
    const holder = running.find(({ Ports }) => Ports.some((item) => item.PublicPort === port && item.Type === "tcp"));
    if ((holder && stackContainers.has(holder.Id)) || (local && !(await isListenedOn(address, port)))) continue;
    if (!local && !holder) continue;
    const who = holder ? `the container ${holder.Names[0]?.slice(1)}` : "another program";
    problems.push(`Port ${address}:${port} is taken by ${who}: stop it, or set ${key} to a free port.`);
  }
  return problems;
}

/**
 * `127.0.0.1:6333` of the stack's containers that run, by state: the engine lists a container in a crash loop without its
 * ports.
 */
function publishedByStack(state: StackState, running: Docker.ContainerInfo[]): Set<string> {
  const ids = new Set(running.map(({ Id }) => Id));
  const ports = containers(state)
    .filter(({ id }) => id !== undefined && ids.has(id))
    .flatMap(({ inputs }) => (inputs?.ports ?? []) as { ip?: string; external?: number }[]);
  return new Set(ports.map(({ ip, external }) => `${ip}:${external}`));
}

function isListenedOn(address: string, port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => done(error.code === "EADDRINUSE"));
    server.listen({ host: address, port, exclusive: true }, () => server.close(() => done(false)));
  });
}
