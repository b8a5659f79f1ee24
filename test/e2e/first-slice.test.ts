// Redis and Caddy on a real engine: what a user gets, and what must hold however the update ends.
import { execFileSync, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { processOf } from "../../lib/processes.ts";
import { logWith } from "../support/data.ts";
import { eventually } from "../support/neighbour.ts";
import { TestStack } from "../support/stack.ts";

const only = { consul: false, vikunja: false, postgres: false, qdrant: false };
let stack: TestStack;
let first: string;

const password = async () => (await stack.outputs()).redisPassword as string;
const client = async () =>
  new Redis({ host: "127.0.0.1", port: 6379, password: await password(), retryStrategy: null });

beforeAll(async () => {
  stack = await TestStack.create("slice", { services: only });
  first = (await stack.mustUp()).all;
});
afterAll(async () => stack?.close());

describe("a first up", () => {
  test("ends with a table of what runs where", () => {
    expect(first).toMatch(/caddy +running +healthy +127\.0\.0\.1:8000 +xnai\.local\/caddy:\S+ +real/);
    expect(first).toMatch(/redis +running +healthy +127\.0\.0\.1:6379/);
  });

  test("leaves nothing to do for a second one, with and without --refresh", async () => {
    for (const more of [[], ["--refresh"]]) {
      const { exitCode, all } = await stack.up("--expect-no-changes", ...more);
      expect(exitCode, all).toBe(0);
    }
  });

  test("is the stack that a bare pulumi knows", async () => {
    const preview = await stack.pulumi(["preview", "--stack", "dev", "--expect-no-changes"]);
    expect(preview.exitCode, preview.all).toBe(0);
  });

  test("status is 0, and 1 when a service is down", async () => {
    expect((await stack.xnai(["status"])).exitCode).toBe(0);
    await stack.container("caddy").stop();
    const { exitCode, stdout } = await stack.xnai(["status"]);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/caddy +exited/);
    await stack.container("caddy").start();
  });
});

describe("secrets", () => {
  test("stand in no inspect, log, process list, plain state, output or environment", async () => {
    const state = JSON.parse(readFileSync(join(stack.folder, ".xnai/.pulumi/stacks/xnai/dev.json"), "utf8"));
    const { stdout } = await stack.pulumi(["stack", "export", "--stack", "dev", "--show-secrets"]);
    const values = (
      JSON.parse(stdout).deployment.resources as {
        type: string;
        outputs?: { result?: string | { plaintext: string } };
      }[]
    )
      .filter(({ type }) => type === "random:index/randomPassword:RandomPassword")
      .map(
        ({ outputs }) =>
          (typeof outputs?.result === "object" ? JSON.parse(outputs.result.plaintext) : outputs?.result) as string,
      );
    expect(values.length).toBeGreaterThan(1);
    for (const value of values) expect(value.length).toBeGreaterThanOrEqual(32);
    const places: Record<string, string> = { state: JSON.stringify(state), up: first };
    for (const { Id, Names } of await stack.docker.listContainers({ all: true })) {
      const container = stack.docker.getContainer(Id);
      places[`inspect of ${Names}`] = JSON.stringify(await container.inspect());
      places[`log of ${Names}`] = String(await container.logs({ stdout: true, stderr: true }));
    }
    places["process list"] = execFileSync("ps", ["-eo", "args"], { encoding: "utf8" });
    for (const [place, text] of Object.entries(places))
      for (const value of values) expect(text.includes(value), place).toBe(false);
  });
});

describe("exposure", () => {
  test("nothing listens beyond loopback", () => {
    const listening = execFileSync("ss", ["-Htln"], { encoding: "utf8" }).trim().split("\n");
    const addresses = listening.map((line) => line.split(/\s+/)[3] ?? "");
    expect(addresses.filter((address) => address.endsWith(":8000"))).toEqual(["127.0.0.1:8000"]);
    expect(addresses.filter((address) => !/^(127\.|\[::1\])/.test(address))).toEqual([]);
  });

  test("3456 and 5432 answer nowhere", () => {
    const listening = execFileSync("ss", ["-Htln"], { encoding: "utf8" });
    expect(listening).not.toMatch(/:(3456|5432)\s/);
  });
});

describe("Redis", () => {
  test("asks for a password and keeps dangerous commands out of reach", async () => {
    expect((await stack.exec("redis", ["redis-cli", "ping"])).all).toContain("NOAUTH");
    const redis = await client();
    await redis.set("greeting", "hello");
    expect(await redis.get("greeting")).toBe("hello");
    for (const command of [
      ["config", "get", "*"],
      ["flushall"],
      ["shutdown"],
      ["acl", "list"],
      ["debug", "sleep", "0"],
      ["module", "list"],
    ])
      await expect(redis.call(command[0] as string, ...command.slice(1)), command.join(" ")).rejects.toThrow(
        /NOPERM|not allowed/,
      );
    expect(await redis.info("memory")).toMatch(/maxmemory:536870912/);
    redis.disconnect();
  });

  test("lets job queues do what they ask for, and end nobody's connection", async () => {
    const redis = await client();
    await redis.client("SETNAME", "a-worker");
    // RQ 1.16 at the start of a worker, BullMQ's getWorkers.
    expect(await redis.client("LIST")).toContain("name=a-worker");
    await redis.rpush("numbers", 3, 1, 2);
    expect(await redis.sort("numbers")).toEqual(["1", "2", "3"]);
    expect(await redis.call("SORT_RO", "numbers", "DESC")).toEqual(["3", "2", "1"]);
    expect(await redis.call("ROLE")).toEqual(["master", 0, []]);
    // BullMQ's scripts.
    const script = "redis.call('XADD', KEYS[1], '*', 'event', ARGV[1]) return redis.call('XLEN', KEYS[1])";
    expect(await redis.eval(script, 1, "events", "added")).toBe(1);
    for (const command of [
      ["client", "kill", "type", "normal"],
      ["client", "pause", "1"],
      ["client", "no-evict", "on"],
      ["flushdb"],
    ])
      await expect(redis.call(command[0] as string, ...command.slice(1)), command.join(" ")).rejects.toThrow("NOPERM");
    redis.disconnect();
  });

  test("old default passwords open nothing", async () => {
    for (const guess of ["changeme123", "", "redis", "default"]) {
      const redis = new Redis({
        host: "127.0.0.1",
        port: 6379,
        password: guess,
        retryStrategy: null,
        lazyConnect: true,
      });
      redis.on("error", () => undefined);
      await expect(redis.connect().then(() => redis.ping())).rejects.toThrow();
      redis.disconnect();
    }
  });

  test("loses no acknowledged write when it is replaced, and gets the new password", async () => {
    const before = await password();
    const redis = await client();
    redis.on("error", () => undefined);
    let acknowledged = 0;
    const writing = (async () => {
      for (;;) {
        await redis.set(`write:${acknowledged + 1}`, "x");
        acknowledged += 1;
      }
    })().catch(() => undefined);
    await stack.configure({ rotate: { redisPassword: 1 } });
    const changed = await stack.mustUp();
    await writing;
    redis.disconnect();
    expect(acknowledged).toBeGreaterThan(100);
    expect(changed.all).not.toMatch(/Container caddy .*replac/);
    expect(await password()).not.toBe(before);
    const after = await client();
    expect(await after.get(`write:${acknowledged}`)).toBe("x");
    expect((await after.keys("write:*")).length).toBeGreaterThanOrEqual(acknowledged);
    after.disconnect();
    const old = new Redis({ host: "127.0.0.1", port: 6379, password: before, retryStrategy: null, lazyConnect: true });
    old.on("error", () => undefined);
    await expect(old.connect().then(() => old.ping())).rejects.toThrow();
    old.disconnect();
  });
});

test("status warns of keys that Redis has evicted, with their number", async () => {
  expect((await stack.xnai(["status"])).stdout).not.toContain("evicted");
  await stack.configure({ redis: { maxMemoryMiB: 16 } });
  await stack.mustUp();
  const redis = await client();
  const value = "x".repeat(100_000);
  for (let index = 0; index < 200; index++) await redis.set(`fill:${index}`, value);
  const [, evicted] = /^evicted_keys:(\d+)/m.exec(await redis.info("stats")) ?? [];
  expect(Number(evicted)).toBeGreaterThan(10);
  const status = await stack.xnai(["status"]);
  expect(status.exitCode).toBe(0);
  expect(status.stdout).toContain(`redis: ${evicted} keys were evicted since it started`);
  await redis.del(await redis.keys("fill:*"));
  redis.disconnect();
});

describe("Caddy", () => {
  const get = (path: string) => fetch(`http://127.0.0.1:8000${path}`, { redirect: "manual" });

  test("answers with security headers, a landing page and a clean 404", async () => {
    const page = await get("/");
    expect(page.status).toBe(200);
    expect(page.headers.get("x-content-type-options")).toBe("nosniff");
    expect(page.headers.get("server")).toBeNull();
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    const missing = await get("/nothing-here");
    expect([missing.status, await missing.text()]).toEqual([404, "404 Not Found"]);
    expect(missing.headers.get("x-content-type-options")).toBe("nosniff");
    expect((await get("/healthz")).status).toBe(200);
  });

  test.each(["/api/x", "/chainlit/", "/vikunja/api/v1/info"])(
    "%s answers 502 within about a second while nothing is behind it",
    async (path) => {
      const start = Date.now();
      const answer = await get(path);
      expect(answer.status).toBe(502);
      expect(await answer.text()).toContain("is not running");
      expect(Date.now() - start).toBeLessThan(1500);
    },
  );

  test("logs no query string and no header", async () => {
    await fetch("http://127.0.0.1:8000/?token=verysecret", {
      headers: { authorization: "Bearer verysecret", cookie: "s=verysecret" },
    });
    const log = await logWith(stack.container("caddy"), '"uri":"/?..."');
    expect(log).not.toContain("verysecret");
  });
});

describe("an update that ends badly", () => {
  test("kill -9 in the middle of creating containers is recovered by the next up", async () => {
    await stack.xnai(["destroy", "--yes"]);
    const child = spawn(process.execPath, ["ops/xnai.mjs", "up", "--yes", "--skip-preview"], {
      cwd: stack.folder,
      detached: true,
      stdio: "ignore",
    });
    const halfMade = async () =>
      (await stack.docker.listContainers({ all: true })).some(({ Names }) => Names.includes("/slice_caddy"));
    for (let tries = 0; tries < 600 && !(await halfMade()); tries++) await sleep(50);
    process.kill(-(child.pid as number), "SIGKILL");
    await sleep(500);
    const recovered = await stack.mustUp();
    expect(recovered.all).toMatch(/ended without cleaning up|left half-made/);
    expect((await stack.xnai(["status"])).exitCode).toBe(0);
  });

  test("of two ups at once the second says who is running", async () => {
    const one = stack.up("--refresh");
    const lock = join(stack.folder, ".xnai/dev.lock");
    await eventually(
      12,
      async () => processOf(JSON.parse(readFileSync(lock, "utf8")).pid),
      (holder) => holder !== undefined,
    );
    const two = await stack.up();
    expect(two.exitCode).toBe(4);
    expect(two.all).toMatch(/Another run is at work on stack dev: xnai up \(process \d+\)/);
    expect((await one).exitCode).toBe(0);
  });

  test("destroy keeps the data and the password that opens it; a service that fails is retried", async () => {
    const redis = await client();
    await redis.set("kept", "yes");
    redis.disconnect();
    const before = await password();
    const gone = await stack.xnai(["destroy", "--yes"]);
    expect(gone.exitCode, gone.all).toBe(0);
    expect(gone.all).toContain("slice_redis_data");
    expect(
      (await stack.docker.listContainers({ all: true })).filter(({ Names }) => Names[0]?.startsWith("/slice_")),
    ).toEqual([]);
    await stack.mustUp();
    expect(await password()).toBe(before);
    const again = await client();
    expect(await again.get("kept")).toBe("yes");
    again.disconnect();
  });
});
