// What a user is told while a container is created, and when. The engine is a fake one; the hooks are called as Pulumi does.
import * as pulumi from "@pulumi/pulumi";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { watchJob, watchService } from "../../../components/engine/watch.ts";
import { type FakeContainer, FakeEngine } from "../../support/fake-engine.ts";

let engine: FakeEngine;
const said: string[] = [];
const resource = { urn: "the component around it" } as unknown as pulumi.Resource;

beforeAll(async () => {
  engine = await FakeEngine.start();
});
afterAll(() => engine.stop());
beforeEach(() => {
  engine.clear();
  said.length = 0;
  vi.stubEnv("DOCKER_HOST", engine.host);
  for (const level of ["info", "warn", "error"] as const)
    vi.spyOn(pulumi.log, level).mockImplementation(async (message, about) => {
      expect(about).toBe(resource);
      said.push(`${level}: ${message}`);
    });
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

type Binding = ReturnType<typeof watchJob>;
async function call(hooks: Binding[keyof Binding]) {
  for (const hook of hooks ?? []) await (hook as (args: object) => Promise<void>)({});
}

/** Watches while `container` is created, until `enough` or nothing happens any more. */
async function during(binding: Binding, container: FakeContainer, enough: () => boolean): Promise<void> {
  await call(binding.beforeCreate);
  engine.containers.push(container);
  await vi.waitFor(() => expect(enough()).toBe(true), { timeout: 5000, interval: 20 });
  await call(binding.afterCreate);
}

const job = (more: Partial<FakeContainer>): FakeContainer => ({ id: "1", name: "lab_redis_prepare", ...more });
const service = (more: Partial<FakeContainer>): FakeContainer => ({ id: "2", name: "lab_redis", ...more });
const spoken = () => said.length > 0;
const removed = () => engine.containers.length === 0;

describe("a Job", () => {
  const watch = () => watchJob("lab_redis_prepare", resource);

  it("that is done has its lines passed on, and stays", async () => {
    const log = ["volume lab_redis_data: 3 of 4 entries given to 1000:1000", "", "second  "];
    await during(watch(), job({ log, state: { Health: { Status: "healthy" } } }), () => said.length === 2);
    expect(said).toEqual([`info: ${log[0]}`, "info: second"]);
    expect(engine.changes).toEqual([]);
  });

  it("that is done between two looks is heard all the same", async () => {
    const { beforeCreate, afterCreate } = watch();
    const container = job({ state: { Health: { Status: "starting" } } });
    engine.containers.push(container);
    await call(beforeCreate);
    // After the first look and before the second.
    await new Promise((done) => setTimeout(done, 100));
    Object.assign(container, { log: ["quick"], state: { Health: { Status: "healthy" } } });
    await call(afterCreate);
    expect(said).toEqual(["info: quick"]);
  });

  it("that fails is named with its reason and its last lines, and is removed, so that the next up runs it", async () => {
    const log = ["looking", "xnai-job-failed: the volume cannot be written"];
    await during(watch(), job({ log }), removed);
    expect(said).toEqual([
      "error: lab_redis_prepare failed: the volume cannot be written\n" +
        "Its last lines:\n  looking\n  xnai-job-failed: the volume cannot be written",
    ]);
    expect(engine.changes).toEqual(["DELETE /containers/lab_redis_prepare"]);
  });

  it("that ends by itself with a bad exit code has failed, whatever it said", async () => {
    await during(watch(), job({ state: { Status: "exited", ExitCode: 127 } }), removed);
    expect(said).toEqual(["error: lab_redis_prepare failed: exit code 127\nIts last lines:\n  (none)"]);
  });

  it("that is at work, or ends well, is left alone", async () => {
    const { beforeCreate, afterCreate } = watch();
    engine.containers.push(job({ state: { Health: { Status: "starting" } }, log: ["working"] }));
    await call(beforeCreate);
    await new Promise((done) => setTimeout(done, 100));
    Object.assign(engine.containers[0] as object, { state: { Status: "exited", ExitCode: 0 } });
    await new Promise((done) => setTimeout(done, 400));
    await call(afterCreate);
    expect(said).toEqual([]);
    expect(engine.changes).toEqual([]);
  });
});

describe("a service", () => {
  const watch = (waitTimeoutSeconds = 90) => watchService("lab_redis", "redis", waitTimeoutSeconds, resource);

  it("that becomes healthy is not worth a word", async () => {
    const { beforeCreate, afterCreate } = watch();
    engine.containers.push(service({ state: { Health: { Status: "healthy" } }, log: ["ready"] }));
    await call(beforeCreate);
    await new Promise((done) => setTimeout(done, 100));
    await call(afterCreate);
    expect(said).toEqual([]);
  });

  it("that does not stay up is removed at once, with what it said last and what to do", async () => {
    const log = Array.from({ length: 3 }, (_, index) => `failed to open WAL ${index}`);
    await during(watch(), service({ restarts: 4, state: { Status: "restarting", ExitCode: 101 }, log }), removed);
    expect(said).toEqual([
      "error: lab_redis does not stay up (exit code 101) and is removed again; its data is untouched. " +
        `Its last lines:\n  ${log.join("\n  ")}\n` +
        "If it may not read or write its data, run: npm run up -- --repair redis",
    ]);
  });

  it("that restarts a few times is given time", async () => {
    const { beforeCreate, afterCreate } = watch();
    engine.containers.push(service({ restarts: 3, state: { Status: "restarting", ExitCode: 1 } }));
    await call(beforeCreate);
    await new Promise((done) => setTimeout(done, 100));
    await call(afterCreate);
    expect(said).toEqual([]);
    expect(engine.changes).toEqual([]);
  });

  it("that is up but not healthy is named just before the provider gives up, with its check's words, and stays", async () => {
    const Health = { Status: "unhealthy", Log: [{ Output: "old" }, { Output: "NOAUTH Authentication required.\n" }] };
    await during(watch(3.2), service({ state: { Health }, log: ["up"] }), spoken);
    expect(said).toEqual([
      "error: lab_redis is not healthy after 0 s (its health check says: NOAUTH Authentication required.). " +
        "Its last lines:\n  up\nIf it may not read or write its data, run: npm run up -- --repair redis",
    ]);
    expect(engine.changes).toEqual([]);
  });
});

describe("an engine that cannot be reached", () => {
  it("is the provider's to report: the watch says nothing and ends with the creation", async () => {
    vi.stubEnv("DOCKER_HOST", "unix:///nowhere/docker.sock");
    const { beforeCreate, afterCreate } = watchJob("lab_redis_prepare", resource);
    await call(beforeCreate);
    await new Promise((done) => setTimeout(done, 100));
    await call(afterCreate);
    expect(said).toEqual([]);
  });
});
