// A Docker engine that is nothing but what the test says: containers, networks, volumes and images behind the engine's API
// on a socket of its own. Knows the few calls that `xnai` and the program make.
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";

export interface FakeContainer {
  id: string;
  name: string;
  image?: string;
  labels?: Record<string, string>;
  /** `127.0.0.1:8000` -> port inside. */
  ports?: Record<string, number>;
  volumes?: string[];
  /** Paths that are there when somebody looks into it. @default it cannot be looked into */
  files?: string[];
  state?: {
    Status?: string;
    Paused?: boolean;
    OOMKilled?: boolean;
    Error?: string;
    ExitCode?: number;
    Health?: { Status: string; Log?: { Output: string }[] };
  };
  restarts?: number;
  log?: string[];
  /** What it answers to commands that are run in it, one after the other; the last again and again. @default exit code 0 */
  answers?: { code: number; output?: string }[];
  /** Warnings of the engine about an update. */
  warnings?: string[];
}

export interface FakeNetwork {
  id: string;
  name: string;
  labels?: Record<string, string>;
  /** Ids of containers. */
  containers?: string[];
  /** `172.18.0.0/16` */
  subnet?: string;
}

type Answer = object | string | undefined;

export class FakeEngine {
  containers: FakeContainer[] = [];
  networks: FakeNetwork[] = [];
  volumes: { name: string; labels?: Record<string, string> }[] = [];
  /** Reference -> labels. */
  images: Record<string, Record<string, string>> = {};
  /** Whether the registry can be reached; a text: the engine's error about it. */
  registry: boolean | string = false;
  /** Whether the engine can ask a registry about an image without pulling it; Podman cannot. */
  asksRegistry = true;
  /** How long the registry takes to answer, milliseconds. */
  registryDelay = 0;
  /** The engine's error about every pull. */
  pullError: string | undefined;
  /** Logins that came with questions to the registry and with pulls; undefined without one. */
  readonly logins: (object | undefined)[] = [];
  /** Answers of commands that are under way, by their ids. */
  readonly #commands = new Map<string, { code: number; output?: string }>();
  /** `POST /containers/x/stop`: what changed something. */
  readonly changes: string[] = [];
  readonly host: string;
  readonly docker: Docker;
  readonly #server = createServer((request, response) => this.#answer(request, response));
  readonly #socket: string;

  private constructor() {
    this.#socket = join(mkdtempSync(join(tmpdir(), "xnai-fake-")), "docker.sock");
    this.host = `unix://${this.#socket}`;
    this.docker = new Docker({ socketPath: this.#socket });
  }

  /** How many commands have been run in containers. */
  get commands(): number {
    return this.#commands.size;
  }

  static async start(): Promise<FakeEngine> {
    const engine = new FakeEngine();
    engine.#server.listen(engine.#socket);
    await once(engine.#server, "listening");
    return engine;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** Forgets everything. */
  clear(): void {
    Object.assign(this, { containers: [], networks: [], volumes: [], images: {}, registry: false });
    Object.assign(this, { asksRegistry: true, registryDelay: 0, pullError: undefined });
    this.changes.length = 0;
    this.logins.length = 0;
    this.#commands.clear();
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? "", "http://engine");
    const path = decodeURIComponent(url.pathname).replace(/^\/v[0-9.]+/, "");
    const method = request.method ?? "GET";
    if (!["GET", "HEAD"].includes(method) && !/\/exec(\/|$)/.test(path)) this.changes.push(`${method} ${path}`);
    const filters = JSON.parse(url.searchParams.get("filters") ?? "{}") as { label?: string[] };
    const wanted = (labels: Record<string, string> = {}) =>
      (filters.label ?? []).every((each) => labels[each.split("=")[0] as string] === each.split("=")[1]);
    if (path.startsWith("/distribution/") || path === "/images/create") {
      setTimeout(() => this.#registry(path, request, response), this.registryDelay);
      return;
    }
    if (method === "HEAD") {
      const files = this.#container(/^\/containers\/([^/]+)\/archive$/.exec(path)?.[1] ?? "")?.files;
      response.statusCode = !files ? 500 : files.includes(url.searchParams.get("path") ?? "") ? 200 : 404;
      response.end();
      return;
    }
    const answer =
      this.#command(method, path) ?? (method === "GET" ? this.#get(path, wanted, url) : this.#change(method, path));
    response.statusCode = answer === undefined ? 404 : method === "DELETE" ? 204 : 200;
    if (answer instanceof Buffer) {
      response.end(answer);
      return;
    }
    response.setHeader("content-type", "application/json");
    response.end(typeof answer === "string" ? answer : JSON.stringify(answer ?? { message: `no such thing: ${path}` }));
  }

  /** What the engine says of a registry: an image there, or a pull. */
  #registry(path: string, request: IncomingMessage, response: ServerResponse): void {
    const login = request.headers["x-registry-auth"];
    this.logins.push(login && JSON.parse(Buffer.from(login as string, "base64url").toString("utf8")));
    const { registry, pullError } = this;
    const unreachable = 'Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io: no such host';
    const error =
      (path === "/images/create" ? pullError : undefined) ?? (typeof registry === "string" ? registry : undefined);
    const unknown = this.asksRegistry || path === "/images/create" ? undefined : `Path ${path} is not supported`;
    const message = unknown ?? error ?? (registry === false ? unreachable : undefined);
    response.writeHead(message === undefined ? 200 : 500, { "content-type": "application/json" });
    response.end(JSON.stringify(message === undefined ? { Descriptor: {} } : { message }));
  }

  /** A command in a container: made, started, asked how it ended. */
  #command(method: string, path: string): Answer {
    const [, name, id, what] = /^\/(?:containers\/([^/]+)\/exec|exec\/([^/]+)\/(start|json))$/.exec(path) ?? [];
    if (name !== undefined && method === "POST") {
      const container = this.#container(name);
      if (!container) return undefined;
      const { answers = [{ code: 0 }] } = container;
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      const made = `${this.#commands.size}`;
      this.#commands.set(made, answer ?? { code: 0 });
      return { Id: made };
    }
    const command = this.#commands.get(id ?? "");
    if (!command) return undefined;
    return what === "json" ? { Running: false, ExitCode: command.code } : logStream([command.output ?? ""]);
  }

  #get(path: string, wanted: (labels?: Record<string, string>) => boolean, url: URL): Answer {
    const [, kind, name = "", what] = /^\/(\w+)\/(.*?)(?:\/(json|logs))?$/.exec(path) ?? [];
    const container = this.#container(name);
    if (path === "/version") return { Version: "28.5.2", ApiVersion: "1.51", Components: [] };
    if (path === "/info") return { SecurityOptions: [] };
    if (path === "/containers/json") {
      const all = url.searchParams.get("all") === "true";
      return this.containers
        .filter(({ labels, state }) => wanted(labels) && (all || (state?.Status ?? "running") === "running"))
        .map((each) => listed(each, this.networks));
    }
    if (kind === "containers" && what === "logs") return container && logStream(container.log ?? []);
    if (kind === "containers") return container && inspected(container);
    if (path === "/networks")
      return this.networks
        .filter(({ labels }) => wanted(labels))
        .map(({ id, name, labels = {}, subnet }) => ({
          Id: id,
          Name: name,
          Labels: labels,
          IPAM: { Config: subnet ? [{ Subnet: subnet }] : null },
        }));
    if (kind === "networks") {
      const network = this.networks.find((each) => each.id === name || each.name === name);
      const on = (network?.containers ?? []).map((id) => [id, { Name: this.#container(id)?.name ?? id }]);
      return network && { Id: network.id, Name: network.name, Containers: Object.fromEntries(on) };
    }
    if (path === "/volumes")
      return {
        Volumes: this.volumes
          .filter(({ labels }) => wanted(labels))
          .map(({ name, labels }) => ({ Name: name, Labels: labels ?? null })),
      };
    if (kind === "images") return this.images[name] && { Id: name, Config: { Labels: this.images[name] } };
    return undefined;
  }

  #change(method: string, path: string): Answer {
    const [, kind, name = "", what] = /^\/(\w+)\/([^/]+)(?:\/(\w+))?$/.exec(path) ?? [];
    const container = this.#container(name);
    if (container && what === "update") return { Warnings: container.warnings ?? null };
    if (container && what === "restart") Object.assign(container, { restarts: 0, state: { Status: "running" } });
    if (["stop", "restart", "kill", "unpause"].includes(what ?? "")) return container && {};
    if (method !== "DELETE") return undefined;
    const list =
      { containers: this.containers, networks: this.networks, volumes: this.volumes }[kind as "containers"] ?? [];
    const at = list.findIndex((each) => ("id" in each && each.id === name) || each.name === name);
    if (at < 0) return undefined;
    list.splice(at, 1);
    return {};
  }

  #container(name: string): FakeContainer | undefined {
    return this.containers.find((each) => each.id === name || each.name === name);
  }
}

function portParts(address: string) {
  const at = address.lastIndexOf(":");
  return { ip: address.slice(0, at), port: Number(address.slice(at + 1)) };
}

const listed = (
  { id, name, image = "some/image:1", ports = {}, volumes = [], labels = {}, state }: FakeContainer,
  networks: FakeNetwork[],
) => ({
  Id: id,
  NetworkSettings: {
    Networks: Object.fromEntries(
      networks
        .filter(({ containers = [] }) => containers.includes(id))
        .map((each) => [each.name, { NetworkID: each.id }]),
    ),
  },
  Names: [`/${name}`],
  Image: image,
  Labels: labels,
  State: state?.Status ?? "running",
  Mounts: volumes.map((volume) => ({ Type: "volume", Name: volume, RW: true })),
  Ports: Object.entries(ports).map(([address, inside]) => {
    const { ip, port } = portParts(address);
    return { IP: ip, PublicPort: port, PrivatePort: inside, Type: "tcp" };
  }),
});

const inspected = ({
  id,
  name,
  image = "some/image:1",
  ports = {},
  labels = {},
  state = {},
  restarts = 0,
}: FakeContainer) => ({
  Id: id,
  Name: `/${name}`,
  Image: image,
  RestartCount: restarts,
  State: { Status: "running", ExitCode: 0, Running: (state.Status ?? "running") === "running", ...state },
  Config: { Image: image, Labels: labels, Healthcheck: { Test: ["CMD", "check"] } },
  HostConfig: {
    PortBindings: Object.fromEntries(
      Object.entries(ports).map(([address, inside]) => {
        const { ip, port } = portParts(address);
        return [`${inside}/tcp`, [{ HostIp: ip, HostPort: `${port}` }]];
      }),
    ),
  },
});

/** The engine's stream of a container without a terminal: a header of 8 bytes before each chunk. */
function logStream(lines: string[]): Buffer {
  return Buffer.concat(
    lines.map((line, index) => {
      const text = Buffer.from(`${line}\n`);
      const header = Buffer.alloc(8);
      header[0] = 1 + (index % 2);
      header.writeUInt32BE(text.length, 4);
      return Buffer.concat([header, text]);
    }),
  );
}
