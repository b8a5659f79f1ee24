// Names and ports that have to be free before anything is changed.
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { parseConfig } from "../../../../components/config/parse.ts";
import { exitCode } from "../../../../lib/errors.ts";
import { checkFree } from "../../../../ops/engine/preflight/index.ts";
import { FakeEngine } from "../../../support/fake-engine.ts";
import { container, network, stateOf, volume } from "../../../support/state.ts";

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
async function problems(known = stateOf(), exposure = {}, local = true) {
  try {
    await checkFree({ docker: engine.docker, local }, "dev", config(exposure), known);
    return [];
  } catch (error) {
    expect(error).toMatchObject({ code: exitCode.machine, fix: expect.stringContaining("Nothing was changed") });
    return (error as Error).message.split("\n");
  }
}

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
      /^The container name lab_redis is taken by a container of redis:7 .*docker stop lab_redis && docker rename lab_redis lab_redis_aside.*prefix \(now lab\)/,
    );
    expect(found.join("\n")).toMatch(
      /container name lab_redis_prepare.*network name lab_network.*volume name lab_redis_data/s,
    );
  });

  it("of the stack's own things are not taken", async () => {
    engine.containers = [{ id: "1", name: "lab_redis", labels: own }];
    engine.networks = [{ id: "3", name: "lab_network", labels: own }];
    engine.volumes = [{ name: "lab_redis_data" }];
    expect(
      await problems(stateOf(container("redis", "1"), network("main", "3"), volume("redis-data", "lab_redis_data"))),
    ).toEqual([]);
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

  it("is named once, with what to do when its clone is lost; nothing is to be removed by hand", async () => {
    there();
    const found = await problems();
    expect(found).toHaveLength(2);
    expect(found[0]).toMatch(
      /^lab_redis.*, lab_network, lab_web: of a stack with the prefix lab, and the state of this clone does not know them\. Work in the clone that made them/,
    );
    expect(found[1]).toContain("npm run up -- --take-over makes them anew around their data");
    expect(found.join("\n")).not.toMatch(/docker (rm|network rm)/);
  });

  it("does not hide what somebody else has", async () => {
    there();
    engine.containers.push({ id: "5", name: "lab_caddy", image: "caddy:2" });
    const found = await problems();
    expect(found[0]).toContain("lab_network, lab_web: of a stack with the prefix lab");
    expect(found.at(-1)).toContain("The container name lab_caddy is taken by a container of caddy:2");
  });
});

describe("ports", () => {
  it("that something listens on are named with their key", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const found = await problems(stateOf(), { redis: { port } });
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
    const found = await problems(stateOf(), { caddy: { port } });
    const ours = await problems(stateOf(container("caddy", "1")), { caddy: { port } });
    server.close();
    expect(found).toEqual([
      `Port 127.0.0.1:${port} is taken by the container somebody: stop it, or set exposure.caddy.port to a free port.`,
    ]);
    expect(ours).toEqual([]);
  });

  it("of another machine are known from its containers only, and not from what listens here", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const here = await problems(stateOf(), { redis: { port } }, false);
    server.close();
    engine.containers = [{ id: "1", name: "somebody", ports: { [`127.0.0.1:${port}`]: 80 } }];
    expect(here).toEqual([]);
    expect(await problems(stateOf(), { redis: { port } }, false)).toEqual([
      expect.stringContaining(`Port 127.0.0.1:${port} is taken by the container somebody`),
    ]);
  });

  it("that the stack's own container holds in a crash loop, where the engine lists none, are its own", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const known = stateOf(container("redis", "1", { ports: [{ ip: "127.0.0.1", external: port, internal: 6379 }] }));
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
    await checkFree({ docker: engine.docker, local: true }, "dev", off, stateOf());
    server.close();
  });
});
