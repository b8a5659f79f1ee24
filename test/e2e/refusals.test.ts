// What cannot work ends in one clear message and the right exit code, before anything is changed.
import { chmod, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureImages } from "../../airgap/images/index.ts";
import { TestStack } from "../support/stack.ts";

const only = { consul: false, vikunja: false, postgres: false, qdrant: false };
let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.create("refuse", { services: only });
});
afterAll(async () => stack?.close());

const nothingMade = async () =>
  expect(
    (await stack.docker.listContainers({ all: true })).filter(({ Names }) => Names[0]?.startsWith("/refuse_")),
  ).toEqual([]);

test("a configuration with several problems names them all", async () => {
  await stack.configure({ prefx: "x", owner: { uid: 0, gid: 1000 }, redis: { maxMemoryMiB: -1 } });
  const { exitCode, all } = await stack.up();
  await stack.configure({ prefx: undefined, owner: undefined, redis: undefined });
  expect(exitCode).toBe(2);
  expect(all).toMatch(/xnai:prefx .*did you mean prefix\?/);
  expect(all).toMatch(/xnai:owner\.uid is 0/);
  expect(all).toMatch(/xnai:redis\.maxMemoryMiB is -1/);
  expect(all).not.toMatch(/\n +at /);
  await nothingMade();
});

test("a bare pulumi says the same, without a stack trace", async () => {
  await stack.configure({ owner: { uid: 0, gid: 0 } });
  await stack.pulumi(["stack", "init", "dev", "--no-select"]);
  const { exitCode, all } = await stack.pulumi(["preview", "--stack", "dev"]);
  await stack.configure({ owner: undefined });
  expect(exitCode).not.toBe(0);
  expect(all).toMatch(/xnai:owner\.uid is 0/);
  expect(all).not.toMatch(/\n +at /);
});

test("an engine that is not running", async () => {
  const { exitCode, all } = await stack.xnai(["up", "--yes"], {
    env: { DOCKER_HOST: "unix:///nonexistent/docker.sock" },
  });
  expect(exitCode, all).toBe(3);
  expect(all).toContain("/nonexistent/docker.sock");
});

test("a taken port names its key", async () => {
  const server = createServer().listen(6379, "127.0.0.1");
  const { exitCode, all } = await stack.up();
  server.close();
  expect(exitCode, all).toBe(3);
  expect(all).toMatch(/Port 127\.0\.0\.1:6379 is taken by another program: stop it, or set exposure\.redis\.port/);
  await nothingMade();
});

test("a taken name", async () => {
  await stack.xnai(["preview"]);
  await ensureImages({ docker: stack.docker, names: ["busybox"] });
  const squatter = await stack.docker.createContainer({ name: "refuse_redis", Image: stack.busybox, Cmd: ["true"] });
  const { exitCode, all } = await stack.up();
  await squatter.remove();
  expect(exitCode, all).toBe(3);
  expect(all).toMatch(/container name refuse_redis is taken/);
});

test("an image that cannot be pulled", async () => {
  await stack.configure({ images: { source: "local", refs: { redis: "127.0.0.1:1/redis:none" } } });
  const { exitCode, all } = await stack.up();
  await stack.configure({ images: { source: "local" } });
  expect(exitCode, all).toBe(3);
  expect(all).toMatch(/127\.0\.0\.1:1\/redis:none for redis could not be pulled/);
  await nothingMade();
});

test("nobody who could answer", async () => {
  const { exitCode, all } = await stack.xnai(["up"]);
  expect(exitCode, all).toBe(2);
  expect(all).toMatch(/standard input is not a terminal.*\n.*Run again with --yes/);
  await nothingMade();
});

test("a wrong passphrase", async () => {
  const file = join(stack.folder, ".xnai", "passphrase");
  const right = await readFile(file, "utf8");
  await writeFile(file, "wrong\n");
  const { exitCode, all } = await stack.up();
  await writeFile(file, right);
  await chmod(file, 0o600);
  expect(exitCode, all).toBe(3);
  expect(all).toMatch(/does not open stack dev/);
});

describe("a policy", () => {
  const sources: [string, string, RegExp][] = [
    ["0.0.0.0", 'ip: address === "" ? "" : "0.0.0.0"', /0\.0\.0\.0/],
    ["3456", "ip: address, internal: 3456", /3456/],
  ];
  test.each(sources)(
    "stops preview and up of a container that publishes %s, with and without the pack",
    async (_, text, said) => {
      const file = join(stack.folder, "components", "engine", "hardening.ts");
      const right = await readFile(file, "utf8");
      const wrong = right.replace("ip: address", text);
      expect(wrong).not.toBe(right);
      await writeFile(file, wrong);
      try {
        const preview = await stack.xnai(["preview"]);
        expect(preview.exitCode, preview.all).toBe(5);
        expect(preview.all).toMatch(said);
        const up = await stack.up();
        expect(up.exitCode, up.all).toBe(5);
        const bare = await stack.pulumi(["up", "--stack", "dev", "--yes", "--skip-preview"]);
        expect(bare.exitCode, bare.all).not.toBe(0);
        expect(bare.all).toMatch(said);
        expect((await stack.docker.listContainers()).filter(({ Names }) => Names[0] === "/refuse_caddy")).toEqual([]);
      } finally {
        await writeFile(file, right);
      }
    },
  );
});

describe("a task that fails", () => {
  test("fails the update with its last lines, and the next one runs it again", async () => {
    await stack.mustUp();
    const { Mountpoint } = await stack.docker.getVolume("refuse_redis_data").inspect();
    const { execa } = await import("execa");
    const stuck = join(Mountpoint, "stuck");
    await writeFile(stuck, "");
    await execa("chown", ["5:6", stuck]);
    await execa("chattr", ["+i", stuck]);
    const failed = await stack.up("--repair", "redis");
    expect(failed.exitCode).toBe(1);
    expect(failed.all).toMatch(
      /volume refuse_redis_data: stuck belongs to 5:6 instead of 1000:1000, and its owner cannot be changed/,
    );
    await execa("chattr", ["-i", stuck]);
    const healed = await stack.mustUp();
    expect(healed.all).toMatch(/volume refuse_redis_data: 1 of \d+ entries given to 1000:1000 \(were: 5:6\)/);
    expect((await stack.xnai(["status"])).exitCode).toBe(0);
  });

  test("a service that does not come up is retried once its cause is gone", async () => {
    const file = join(stack.folder, "components", "redis", "redis-conf.ts");
    const right = await readFile(file, "utf8");
    const wrong = right.replace('"port 6379"', '"port 6379", "nonsense yes"');
    expect(wrong).not.toBe(right);
    await writeFile(file, wrong);
    const failed = await stack.up();
    expect(failed.exitCode).toBe(1);
    expect(failed.all).toMatch(/refuse_redis does not stay up/);
    // Once of each: in Pulumi's diagnostics, and below the table.
    expect(failed.all.match(/>>> 'nonsense yes'/g)).toHaveLength(1);
    expect(failed.all).toMatch(/^redis: it ended with exit code 1; its last line: /m);
    await writeFile(file, right);
    await stack.mustUp();
    expect((await stack.xnai(["status"])).exitCode).toBe(0);
  });
});
