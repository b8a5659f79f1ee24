// What the steps of `xnai smoke` work with, made from a stack's own configuration, outputs and engine.
import type Docker from "dockerode";
import type { Redis } from "ioredis";
import type { StackConfig } from "../../components/config/keys/base.ts";
import { containerName, networkNames } from "../../components/definition/names.ts";
import { services } from "../../components/services.ts";
import { frontDoorPlace } from "../clients/front-door.ts";
import { HttpClient, type Place } from "../clients/http.ts";
import { firstUser } from "../clients/open-vikunja.ts";
import { publishedAt } from "../clients/places.ts";
import { connectRedis } from "../clients/redis.ts";
import { tokenFrom, Vikunja } from "../clients/vikunja.ts";
import type { ServiceStatus } from "../engine/status/index.ts";
import { alone } from "../pulumi/lock.ts";
import type { StackOutputs } from "../pulumi/outputs.ts";
import { newName } from "./names.ts";
import type { Bus, Door } from "./step.ts";

export interface BusArgs {
  stack: string;
  config: StackConfig;
  docker: Docker;
  /** Secrets in clear. */
  outputs: StackOutputs;
  statuses: readonly ServiceStatus[];
  /** Holds an API token of Vikunja that is used instead of the first user's password. */
  tokenFile?: string | undefined;
}

/** A bus, and how to leave it: every connection and session ends. */
export interface OpenBus {
  bus: Omit<Bus, "undo" | "check">;
  close: () => Promise<void>;
}

/** Connects to nothing yet. @throws XnaiError (failed) when Caddy has TLS and does not hand over its authority */
export async function openBus({ stack, config, docker, outputs, statuses, tokenFile }: BusArgs): Promise<OpenBus> {
  const nowhere: Place = { host: "127.0.0.1", port: 0 };
  const at = (door: Door): Place => {
    const [service = "", key] = door.split(".");
    return publishedAt(config, service, key) ?? nowhere;
  };
  const output = (name: string) => String(outputs[name] ?? "");
  const frontDoor = (await frontDoorPlace(config, async () => docker)) ?? nowhere;
  const door = new HttpClient("Caddy", frontDoor);
  const pagesAt = at("caddy.vikunja");
  const pages = new HttpClient("Caddy", { ...frontDoor, ...pagesAt, name: `localhost:${pagesAt.port}` });
  const consul = new HttpClient("Consul", at("consul.port"), { "X-Consul-Token": output("consulRegistrarToken") });
  const qdrant = new HttpClient("Qdrant", at("qdrant.port"), { "api-key": output("qdrantKey") });
  const connections = new Connections(() => connectRedis(at("redis.port"), output("redisPassword")));
  // Asked for once, even if in vain: Vikunja allows ten logins a minute.
  let vikunja: Promise<Vikunja> | undefined;
  const login = () => (tokenFile === undefined ? firstUser(stack, outputs) : tokenFrom(tokenFile));
  return {
    bus: {
      config,
      name: newName(Date.now()),
      at,
      redis: (own) => connections.get(own === true),
      door,
      pages,
      consul,
      qdrant,
      qdrantKey: output("qdrantKey"),
      vikunja: () => {
        vikunja ??= (async () => Vikunja.open(frontDoor, login()))();
        return vikunja;
      },
      restart: (service) => alone(stack, "smoke --restart", () => restart(docker, config, service)),
      container: (name) => stateOf(docker, config, name),
      isStandIn: (name) => statuses.some(({ service, kind }) => service === name && kind === "stand-in"),
    },
    close: async () => {
      connections.close();
      await vikunja?.then((client) => client.close()).catch(() => undefined);
      for (const client of [door, pages, consul, qdrant]) client.close();
    },
  };
}

/** Connections to Redis: one that everybody uses, made anew when it broke, and those of one's own. */
class Connections {
  readonly #connect: () => Promise<Redis>;
  readonly #all: Redis[] = [];
  #shared: Redis | undefined;

  constructor(connect: () => Promise<Redis>) {
    this.#connect = connect;
  }

  async get(own: boolean): Promise<Redis> {
    if (!own && this.#shared?.status === "ready") return this.#shared;
    const redis = await this.#connect();
    this.#all.push(redis);
    if (!own) this.#shared = redis;
    return redis;
  }

  close(): void {
    for (const redis of this.#all) redis.disconnect();
  }
}

/** How long a service may take to stop, seconds. */
const stopsWithinSeconds = 60;

async function restart(docker: Docker, { prefix }: StackConfig, name: string): Promise<void> {
  const definition = services.find((service) => service.name === name) ?? { name };
  await docker.getContainer(containerName(prefix, definition)).restart({ t: stopsWithinSeconds });
}

/** Containers of the network are asked for the name, and for their other names on it. */
async function stateOf(docker: Docker, { prefix }: StackConfig, name: string): ReturnType<Bus["container"]> {
  const network = networkNames(prefix).main;
  const all = await docker.listContainers({ all: true, filters: { network: [network] } });
  const found = await Promise.all(all.map(({ Id }) => docker.getContainer(Id).inspect()));
  const named = found.find(
    ({ Name, NetworkSettings }) =>
      Name === `/${name}` || (NetworkSettings.Networks[network]?.Aliases ?? []).includes(name),
  );
  if (!named) return "absent";
  return named.State.Running ? "running" : "stopped";
}
