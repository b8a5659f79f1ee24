// A server of the test's own that a stack sees as a container on its network: the container only passes connections on to
// the test's process, which can so look at what arrives, down to the path as it was sent.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type Docker from "dockerode";
import { type WebSocket, WebSocketServer } from "ws";
import { removeNeighbour, startNeighbour } from "./neighbour.ts";

export interface UpstreamArgs {
  /** The container's name. */
  name: string;
  network: string;
  aliases?: string[];
  /** Where the container listens. */
  port: number;
  /** Any image with busybox' sh and nc. */
  image: string;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export class Upstream {
  /** Everything that arrived, oldest first. */
  readonly requests: { method: string; url: string; headers: IncomingMessage["headers"] }[] = [];
  /** @default 200 with the path as text */
  answer: Answer = (request, response) => response.end(`${request.url}`);
  readonly #server: Server;
  readonly #docker: Docker;
  readonly #args: UpstreamArgs;

  private constructor(docker: Docker, args: UpstreamArgs) {
    this.#docker = docker;
    this.#args = args;
    this.#server = createServer((request, response) => {
      const { method = "", url = "", headers } = request;
      this.requests.push({ method, url, headers });
      this.answer(request, response);
    });
    const sockets = new WebSocketServer({ server: this.#server });
    sockets.on("connection", (socket: WebSocket, { method = "", url = "", headers }) => {
      this.requests.push({ method, url, headers });
      socket.on("message", (data, binary) => socket.send(data, { binary }));
      socket.on("error", () => socket.terminate());
    });
  }

  /** Listens on the network's gateway address, which is the host's own on that bridge. */
  static async start(docker: Docker, args: UpstreamArgs): Promise<Upstream> {
    const upstream = new Upstream(docker, args);
    const { IPAM } = await docker.getNetwork(args.network).inspect();
    const gateway = IPAM?.Config?.[0]?.Gateway as string;
    await new Promise<void>((done, failed) => {
      upstream.#server.once("error", failed).listen(0, gateway, done);
    });
    const { port } = upstream.#server.address() as AddressInfo;
    await startNeighbour(docker, {
      name: args.name,
      image: args.image,
      network: args.network,
      aliases: args.aliases ?? [],
      command: ["nc", "-ll", "-p", `${args.port}`, "-e", "nc", gateway, `${port}`],
    });
    return upstream;
  }

  async close(): Promise<void> {
    await removeNeighbour(this.#docker, this.#args.name);
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }
}
