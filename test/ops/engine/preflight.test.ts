// What is looked at before anything is changed, and what is known of a stack's data.
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { parseConfig } from "../../../components/config/read.ts";
import { exitCode } from "../../../lib/errors.ts";
import { checkDataStays, checkFree } from "../../../ops/engine/preflight.ts";
import type { StackState, StateResource } from "../../../ops/pulumi/state.ts";
import { dataPlaces, hostDirectories } from "../../../ops/verbs/destroy.ts";
import { repairTargets } from "../../../ops/verbs/up.ts";
import { FakeEngine } from "../../support/fake-engine.ts";

const containerType = "docker:index/container:Container";
const volumeType = "docker:index/volume:Volume";
const urn = (type: string, name: string) => `urn:pulumi:dev::xnai::xnai:index:Stack$${type}::${name}`;
const container = (name: string, id = name, inputs = {}): StateResource => ({
  urn: urn(containerType, name),
  type: containerType,
  id,
  inputs,
});
const volume = (resource: string, name: string): StateResource => ({
  urn: urn(volumeType, resource),
  type: volumeType,
  id: name,
  inputs: { name },
});
const state = (...resources: StateResource[]): StackState => ({ resources, pending: [] });
const own = { "io.xnai.stack": "lab" };

let engine: FakeEngine;
beforeAll(async () => {
  engine = await FakeEngine.start();
});
afterAll(() => engine.stop());
afterEach(() => engine.clear());

/** Nothing published, so that nothing of this machine matters. */
const closed = { caddy: false, redis: false, consul: false, qdrant: false };
const config = (exposure: object = {}) => parseConfig({ prefix: "lab", exposure: { ...closed, ...exposure } });
const problems = async (known = state(), exposure = {}) => {
  try {
    await checkFree(engine.docker, config(exposure), known);
    return [];
  } catch (error) {
    expect(error).toMatchObject({ code: exitCode.machine, fix: expect.stringContaining("Nothing was changed") });
    return (error as Error).message.split("\n");
  }
};

describe("names", () => {
  it("are free on a machine where others have other names", async () => {
    engine.containers = [
      { id: "1", name: "lab_redisx" },
      { id: "2", name: "redis" },
    ];
    engine.networks = [{ id: "3", name: "bridge" }];
    engine.volumes = [{ name: "other_redis_data" }];
    expect(await problems()).toEqual([]);
  });

  it("that something else has are named, all of them, with what to do", async () => {
    engine.containers = [
      { id: "1", name: "lab_redis", image: "redis:7" },
      { id: "2", name: "lab_redis_prepare", state: { Status: "exited" } },
    ];
    engine.networks = [{ id: "3", name: "lab_network" }];
    engine.volumes = [{ name: "lab_redis_data" }];
    const found = await problems();
    expect(found).toHaveLength(4);
    expect(found[0]).toMatch(
      /^The container name lab_redis is taken by a container of redis:7 .*docker rm -f lab_redis.*prefix \(now lab\)/,
    );
    expect(found.join("\n")).toMatch(
      /container name lab_redis_prepare.*network name lab_network.*volume name lab_redis_data/s,
    );
  });

  it("of the stack's own things are not taken", async () => {
    engine.containers = [{ id: "1", name: "lab_redis", labels: own }];
    engine.networks = [{ id: "3", name: "lab_network", labels: own }];
    engine.volumes = [{ name: "lab_redis_data" }];
    const network = { urn: urn("docker:index/network:Network", "main"), type: "docker:index/network:Network", id: "3" };
    expect(await problems(state(container("redis", "1"), network, volume("redis-data", "lab_redis_data")))).toEqual([]);
  });

  it("of volumes that carry the stack's label are its own, whatever state says", async () => {
    engine.volumes = [
      { name: "lab_redis_data", labels: own },
      { name: "lab_caddy_data", labels: { "io.xnai.stack": "other" } },
    ];
    expect(await problems()).toEqual([expect.stringContaining("volume name lab_caddy_data")]);
  });
});

describe("a stack of the same prefix that this clone does not know", () => {
  const there = () => {
    engine.containers = [
      { id: "1", name: "lab_redis", labels: own },
      { id: "2", name: "lab_redis_prepare", labels: own },
    ];
    engine.networks = [
      { id: "3", name: "lab_network", labels: own },
      { id: "4", name: "lab_web", labels: own },
    ];
    engine.volumes = [{ name: "lab_redis_data", labels: own }];
  };

  it("is named once, with what to do when its clone is lost", async () => {
    there();
    expect(await problems()).toEqual([
      "A stack with the prefix lab is on this engine already (2 containers, 2 networks), and this clone did not make it. Work in the clone that did, or set another prefix.",
      "  If that clone is lost: docker rm -f $(docker ps -aq --filter label=io.xnai.stack=lab) && docker network rm lab_network lab_web",
      expect.stringContaining("The data stays in its volumes"),
    ]);
  });

  it("does not hide what somebody else has", async () => {
    there();
    engine.containers.push({ id: "5", name: "lab_caddy", image: "caddy:2" });
    const found = await problems();
    expect(found[0]).toContain("(2 containers, 2 networks)");
    expect(found.at(-1)).toContain("The container name lab_caddy is taken by a container of caddy:2");
  });
});

describe("ports", () => {
  it("that something listens on are named with their key", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const found = await problems(state(), { redis: { port } });
    server.close();
    expect(found).toContain(
      `Port 127.0.0.1:${port} is taken by another program: stop it, or set exposure.redis.port to a free port.`,
    );
  });

  it("that a container holds are named with it; the stack's own container may hold them", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    engine.containers = [{ id: "1", name: "somebody", ports: { [`127.0.0.1:${port}`]: 80 } }];
    const found = await problems(state(), { caddy: { port } });
    const ours = await problems(state(container("caddy", "1")), { caddy: { port } });
    server.close();
    expect(found).toEqual([
      `Port 127.0.0.1:${port} is taken by the container somebody: stop it, or set exposure.caddy.port to a free port.`,
    ]);
    expect(ours).toEqual([]);
  });

  it("that the stack's own container holds in a crash loop, where the engine lists none, are its own", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const known = state(container("redis", "1", { ports: [{ ip: "127.0.0.1", external: port, internal: 6379 }] }));
    engine.containers = [{ id: "1", name: "lab_redis" }];
    const ours = await problems(known, { redis: { port } });
    engine.containers = [];
    const gone = await problems(known, { redis: { port } });
    server.close();
    expect(ours).toEqual([]);
    expect(gone).toHaveLength(1);
  });

  it("of a service that is off are not looked at", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const off = parseConfig({ prefix: "lab", exposure: { ...closed, redis: { port } }, services: { redis: false } });
    await checkFree(engine.docker, off, state());
    server.close();
  });
});

describe("data", () => {
  const volumes = state(volume("redis-data", "lab_redis_data"), volume("redis-config", "lab_redis_config"));
  const directory = (path: string) =>
    state(container("redis-prepare", "1", { volumes: [{ hostPath: path }, { volumeName: "v" }] }));
  const stays = (values: Record<string, unknown>, known: StackState) =>
    checkDataStays(parseConfig({ prefix: "lab", ...values }), known);
  const refused = (text: string) =>
    expect.objectContaining({ code: exitCode.usage, message: expect.stringContaining(text) });

  it("stays where it is", () => {
    stays({}, state());
    stays({}, volumes);
    stays({ storage: { root: "/srv/x" } }, directory("/srv/x/redis/data"));
    stays({ storage: { root: "/srv/x" } }, state(volume("redis-config", "lab_redis_config")));
  });

  it("does not follow another prefix", () => {
    expect(() => stays({ prefix: "new" }, volumes)).toThrow(
      refused("prefix is new, but this stack's data is in volumes such as lab_redis_data"),
    );
  });

  it("does not follow into a directory, out of one, or into another", () => {
    expect(() => stays({ storage: { root: "/srv/x" } }, volumes)).toThrow(
      refused("storage.root is /srv/x, but this stack's data is in Docker volumes (lab_redis_data)"),
    );
    expect(() => stays({}, directory("/srv/x/redis/data"))).toThrow(
      refused("storage.root is not set, but this stack's data is in /srv/x/redis/data"),
    );
    expect(() => stays({ storage: { root: "/srv/x2" } }, directory("/srv/x/redis/data"))).toThrow(
      refused("storage.root is /srv/x2, but this stack's data is in /srv/x/redis/data"),
    );
    expect(() => stays({ storage: { root: "/srv/x" } }, directory("/srv/x2/redis/data"))).toThrow(
      refused("/srv/x2/redis/data"),
    );
  });

  it("is what destroy names: volumes without configuration, and directories", () => {
    const all = state(
      ...volumes.resources,
      volume("caddy-data", "lab_caddy_data"),
      ...directory("/srv/x/redis/data").resources,
    );
    expect(dataPlaces(all)).toEqual(["lab_caddy_data", "lab_redis_data"]);
    expect(hostDirectories(all)).toEqual(["/srv/x/redis/data"]);
    expect(dataPlaces(state())).toEqual([]);
  });
});

describe("repairTargets", () => {
  const jobs = [
    "redis-prepare",
    "vikunja-prepare",
    "vikunja-db-prepare",
    "vikunja-user-prepare",
    "consul-acl",
    "redis",
  ];
  const all = state(...jobs.map((name) => container(name)), volume("redis-prepare", "x"));
  const names = (repair: Parameters<typeof repairTargets>[1]) =>
    repairTargets(all, repair).map((each) => each.split("::").at(-1));

  it("are the preparing Jobs of one service, or of all", () => {
    expect(names("redis")).toEqual(["redis-prepare"]);
    expect(names("vikunja")).toEqual(["vikunja-prepare"]);
    expect(names("postgres")).toEqual(["vikunja-db-prepare"]);
    expect(names(true)).toEqual(["redis-prepare", "vikunja-prepare", "vikunja-db-prepare"]);
  });

  it("are none when nobody asks", () => expect(names(undefined)).toEqual([]));
});
