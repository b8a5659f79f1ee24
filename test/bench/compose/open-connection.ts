// A WebSocket through the front door, to see whether a change cuts it off.
import { once } from "node:events";
import WebSocket from "ws";
import { eventually } from "../../support/neighbour.ts";
import type { TestStack } from "../../support/stack.ts";
import { Upstream } from "../../support/upstream.ts";

const frontDoor = "127.0.0.1:8000";
const upstream = { name: "bench_open", port: 8000 };

/** The route that it goes through: in every configuration of the stack. */
export const openRoute = { path: "/open", upstream: `${upstream.name}:${upstream.port}` };

export class OpenConnection {
  readonly #server: Upstream;
  readonly #socket: WebSocket;

  private constructor(server: Upstream, socket: WebSocket) {
    this.#server = server;
    this.#socket = socket;
  }

  /** @param stack is up */
  static async to({ docker, prefix, busybox: image }: TestStack): Promise<OpenConnection> {
    const server = await Upstream.start(docker, { ...upstream, network: `${prefix}_network`, image });
    await eventually(
      10,
      () => fetch(`http://${frontDoor}${openRoute.path}`),
      ({ ok }) => ok,
    );
    const socket = new WebSocket(`ws://${frontDoor}${openRoute.path}`);
    await once(socket, "open");
    return new OpenConnection(server, socket);
  }

  /** @throws Error if what is sent does not come back */
  async check(): Promise<void> {
    const late = AbortSignal.timeout(5_000);
    if (this.#socket.readyState !== WebSocket.OPEN) throw new Error("the open WebSocket was closed");
    this.#socket.send("still there");
    await once(this.#socket, "message", { signal: late });
  }

  async close(): Promise<void> {
    this.#socket.terminate();
    await this.#server.close();
  }
}

/** @throws Error unless the path leads to a container that is not there: without a route the answer is 404 */
export async function checkRouted(path: string): Promise<void> {
  const { status } = await fetch(`http://${frontDoor}${path}`);
  if (status !== 502) throw new Error(`${path} answers ${status}, not 502: the route is not in effect`);
}
