// What tests do to the services that hold data.

import type Docker from "dockerode";
import { eventually } from "./neighbour.ts";
import { serviceNames } from "./services.ts";

/** The `services` key of a configuration that runs these and no others. */
export const services = (...on: string[]): Record<string, boolean> =>
  Object.fromEntries(serviceNames.map((name) => [name, on.includes(name)]));

/** The `exposure` key for a whole stack on five ports in a row, from Caddy's on: Caddy, Redis, Consul, Qdrant, its gRPC. */
export const exposure = (base: number) => ({
  caddy: { port: base },
  redis: { port: base + 1 },
  consul: { port: base + 2 },
  qdrant: { port: base + 3, grpcPort: base + 4 },
});

/**
 * Ends a container's first process from outside, as a crash does: the engine does not know that anybody wanted it.
 * Returns when the engine has noticed; until then the container still counts as healthy.
 */
export async function killService(container: Docker.Container): Promise<void> {
  const pid = async () => (await container.inspect()).State.Pid;
  const before = await pid();
  if (before === 0) throw new Error(`${container.id} is not running`);
  process.kill(before, "SIGKILL");
  await eventually(10, pid, (now) => now !== before);
}

/** What a container that runs has written, once the text is in it: a line reaches the engine a moment after it was written. */
export const logWith = (container: Docker.Container, text: string): Promise<string> =>
  eventually(
    30,
    () => logOf(container),
    (log) => log.includes(text),
  );

/** What a container wrote, without the engine's framing. */
export async function logOf(container: Docker.Container): Promise<string> {
  const raw = (await container.logs({ stdout: true, stderr: true })) as unknown as Buffer;
  let text = "";
  for (let at = 0; at + 8 <= raw.length; at += 8 + raw.readUInt32BE(at + 4))
    text += raw.toString("utf8", at + 8, at + 8 + raw.readUInt32BE(at + 4));
  return text;
}
