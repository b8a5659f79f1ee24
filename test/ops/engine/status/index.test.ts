import { stripVTControlCharacters } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { parseConfig } from "../../../../components/config/parse.ts";
import { type ServiceStatus, stackStatus, statusTable } from "../../../../ops/engine/status/index.ts";
import { type FakeContainer, FakeEngine } from "../../../support/fake-engine.ts";
import { serviceNames } from "../../../support/services.ts";

let engine: FakeEngine;
beforeAll(async () => {
  engine = await FakeEngine.start();
});
afterAll(() => engine.stop());
afterEach(() => engine.clear());

const labels = { "io.xnai.stack": "lab" };
const image = "redis:8@sha256:0123456789abcdef";
const redis = (more: Partial<FakeContainer> = {}): FakeContainer => ({
  id: "1",
  name: "lab_redis",
  image,
  labels,
  ports: { "127.0.0.1:6379": 6379 },
  state: { Status: "running", Health: { Status: "starting" } },
  ...more,
});
async function statusOf(name: string, values: Record<string, unknown> = {}) {
  const all = await stackStatus(engine.docker, parseConfig({ prefix: "lab", ...values }));
  return all.find(({ service }) => service === name);
}

describe("stackStatus", () => {
  it("lists every service once, also on a machine with none of them", async () => {
    const all = await stackStatus(engine.docker, parseConfig({ prefix: "lab" }));
    expect(all.map(({ service }) => service)).toEqual([...serviceNames]);
    for (const { state, ok } of all) expect({ state, ok }).toEqual({ state: "absent", ok: false });
  });

  it("says what runs where", async () => {
    engine.images[image] = {};
    engine.containers = [redis({ ports: { "127.0.0.1:7000": 1, "10.0.0.1:80": 2 } })];
    expect(await statusOf("redis")).toEqual({
      service: "redis",
      container: "lab_redis",
      state: "running",
      health: "healthy",
      addresses: ["10.0.0.1:80", "127.0.0.1:7000"],
      image: "redis:8@0123456789ab",
      kind: "real",
      ok: true,
      warnings: [],
    });
  });

  it("asks the service itself, whatever the engine still believes", async () => {
    engine.images[image] = {};
    for (const Status of ["healthy", "starting", "unhealthy"]) {
      const state = { Status: "running", Health: { Status } };
      engine.containers = [redis({ state })];
      expect(await statusOf("redis")).toMatchObject({ health: "healthy", ok: true });
      engine.containers = [redis({ state, answers: [{ code: 1 }] })];
      expect(await statusOf("redis")).toMatchObject({ health: "unhealthy", ok: false });
    }
  });

  it.each([
    ["restarting", { Status: "restarting", Health: { Status: "healthy" } }],
    ["paused", { Status: "paused", Running: true, Paused: true, Health: { Status: "healthy" } }],
    ["down", { Status: "exited" }],
  ])("is not well when it is %s", async (_, state) => {
    engine.images[image] = {};
    engine.containers = [redis({ state })];
    expect(await statusOf("redis")).toMatchObject({ ok: false, health: "-", state: state.Status });
  });

  it.each<[string, Partial<FakeContainer>, RegExp]>([
    [
      "what the engine refused, in plain words",
      {
        state: {
          Status: "exited",
          ExitCode: 128,
          Error: "driver failed: listen tcp4 192.168.77.1:8000: bind: cannot assign requested address",
        },
      },
      /^the address 192\.168\.77\.1 is not one of this machine's .*exposure/,
    ],
    [
      "what the engine says that nobody knows",
      { state: { Status: "exited", Error: "oci: strange" } },
      /^the engine says: oci: strange$/,
    ],
    [
      "its last line",
      { state: { Status: "restarting", ExitCode: 101 }, log: ["a", "no room"] },
      /^it ended with exit code 101; its last line: no room$/,
    ],
    [
      "that it needs more memory",
      { state: { Status: "exited", OOMKilled: true } },
      /^it needs more memory than its limit$/,
    ],
    ["what its check says", { answers: [{ code: 1, output: "NOAUTH" }] }, /^its check says: NOAUTH$/],
    ["that it was paused", { state: { Status: "paused", Paused: true } }, /paused/],
    [
      "what can be done about damaged data",
      {
        state: { Status: "restarting", ExitCode: 1 },
        log: ["# Bad file format reading the append only file appendonly.aof.1.incr.aof: make a backup"],
      },
      /^the end of the append-only file is damaged\. Run npm run up -- --repair redis/,
    ],
  ])("says why a service is not well: %s", async (_, more, reason) => {
    engine.containers = [redis(more)];
    const status = await statusOf("redis");
    expect(status?.reason).toMatch(reason);
    const text = stripVTControlCharacters(
      statusTable(await stackStatus(engine.docker, parseConfig({ prefix: "lab" }))),
    );
    expect(text).toContain(`\n\nredis: ${status?.reason}`);
  });

  it("warns of what a service's health check does not see, of a service that is well", async () => {
    engine.containers = [redis({ answers: [{ code: 0, output: "# Stats\nevicted_keys:28303" }] })];
    const warned = await statusOf("redis");
    expect(warned).toMatchObject({ ok: true, warnings: [expect.stringContaining("28303 keys were evicted")] });
    expect(stripVTControlCharacters(statusTable([warned as ServiceStatus]))).toContain("\n\nredis: 28303 keys");
    // What a command that fails prints is no answer.
    engine.containers = [redis({ answers: [{ code: 1, output: "evicted_keys:28303" }] })];
    expect(await statusOf("redis")).toMatchObject({ warnings: [] });
  });

  it("names a stand-in", async () => {
    engine.images[image] = { "io.xnai.image.standin": "true" };
    engine.containers = [redis()];
    expect(await statusOf("redis")).toMatchObject({ kind: "stand-in", ok: true });
  });

  it("does without an image that is gone", async () => {
    engine.containers = [redis()];
    expect(await statusOf("redis")).toMatchObject({ kind: "-", ok: true });
  });

  it("takes no notice of a container that merely has the name", async () => {
    engine.containers = [redis({ labels: { "io.xnai.stack": "other" } })];
    expect(await statusOf("redis")).toMatchObject({ state: "absent", ok: false, addresses: [] });
  });

  it("is well about what is off, unless it runs", async () => {
    const services = { redis: false };
    expect(await statusOf("redis", { services })).toMatchObject({ state: "off", ok: true });
    engine.images[image] = {};
    engine.containers = [redis()];
    expect(await statusOf("redis", { services })).toMatchObject({ state: "running, though off", ok: false });
  });
});

describe("statusTable", () => {
  it("says below itself that a stand-in is none of the real thing", async () => {
    engine.images[image] = { "io.xnai.image.standin": "true" };
    engine.containers = [redis()];
    const text = stripVTControlCharacters(
      statusTable(await stackStatus(engine.docker, parseConfig({ prefix: "lab" }))),
    );
    expect(text).toMatch(/^redis +running +healthy +127\.0\.0\.1:6379 +redis:8@0123456789ab +stand-in$/m);
    expect(text).toContain("redis: a stand-in, not the real software");
    engine.containers = [];
    expect(statusTable(await stackStatus(engine.docker, parseConfig({ prefix: "lab" })))).not.toContain("stand-in");
  });
});
