// What `status` and `up` say of a service that does not answer, and what brings it back.
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import WebSocket from "ws";
import { waitUntilReady } from "../../components/engine/readiness/wait.ts";
import { exposure, killService, services } from "../support/data.ts";
import { eventually } from "../support/neighbour.ts";
import { TestStack } from "../support/stack.ts";
import { Upstream } from "../support/upstream.ts";

const prefix = "e2e-ready";
let stack: TestStack;
let chat: Upstream | undefined;
beforeAll(async () => {
  stack = await TestStack.create(prefix, { services: services("redis", "caddy"), exposure: exposure(18970) });
  await stack.mustUp();
});
afterAll(async () => {
  await chat?.close();
  await stack?.close();
});

const redis = () => stack.container("redis");
const caddy = () => stack.container("caddy");
const status = () => stack.xnai(["status"]);

describe("status", () => {
  it("is right at once after an up, although the engine has not asked yet", async () => {
    expect((await redis().inspect()).State.Health?.Status).toBe("starting");
    const { exitCode, stdout } = await status();
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/redis +running +healthy/);
  });

  it.each([
    ["paused", () => redis().pause(), () => redis().unpause()],
    ["exited", () => redis().stop(), () => redis().start()],
  ])("tells of a service that is %s", async (state, make, undo) => {
    await make();
    const { exitCode, all } = await status();
    await undo();
    expect(exitCode, all).toBe(1);
    expect(all).toMatch(new RegExp(`redis +${state} +-`));
    expect(all).not.toContain("should not happen");
    await stack.answers(30);
  });

  it("tells of a service that does not answer at once, and the engine does within 90 s", async () => {
    const { Pid } = (await redis().inspect()).State;
    process.kill(Pid, "SIGSTOP");
    const start = Date.now();
    try {
      const { exitCode, all } = await status();
      expect(exitCode, all).toBe(1);
      expect(all).toMatch(/redis +running +unhealthy/);
      await eventually(
        90,
        () => redis().inspect(),
        ({ State }) => State.Health?.Status === "unhealthy",
      );
      console.log(`unhealthy for the engine after ${((Date.now() - start) / 1000).toFixed(0)} s`);
    } finally {
      process.kill(Pid, "SIGCONT");
    }
    await stack.answers(30);
  }, 150_000);
});

describe("limits and routes", () => {
  it("are taken in by a service that runs on, also if it crashed once before: nobody's connection is cut", async () => {
    chat = await Upstream.start(stack.docker, {
      name: `${prefix}_chat`,
      network: `${prefix}_network`,
      port: 8000,
      image: stack.busybox,
    });
    await stack.configure({ caddy: { routes: [{ path: "/chat", upstream: `${prefix}_chat:8000` }] } });
    await stack.mustUp("--skip-preview");
    await killService(redis());
    await stack.answers(30);
    const started = async () => [(await redis().inspect()).State.StartedAt, (await caddy().inspect()).State.StartedAt];
    const before = await started();
    expect((await redis().inspect()).RestartCount).toBe(1);
    expect([(await redis().inspect()).HostConfig.PidsLimit, (await caddy().inspect()).HostConfig.PidsLimit]).toEqual([
      1024, 1024,
    ]);
    const socket = new WebSocket("ws://127.0.0.1:18970/chat/");
    const echo = async (text: string) => {
      socket.send(text);
      return String((await once(socket, "message", { signal: AbortSignal.timeout(10_000) }))[0]);
    };
    await once(socket, "open");
    expect(await echo("before")).toBe("before");

    const routes = ["/chat", "/new"].map((path) => ({ path, upstream: `${prefix}_chat:8000` }));
    await stack.configure({ resources: { redis: { pids: 2000 } }, caddy: { routes } });
    await stack.mustUp("--skip-preview");
    expect(await started()).toEqual(before);
    expect((await redis().inspect()).HostConfig.PidsLimit).toBe(2000);
    expect((await fetch("http://127.0.0.1:18970/new/")).status).toBe(200);
    expect(await echo("after")).toBe("after");
    socket.close();
  });
});

describe("a service that never answers", () => {
  it("is quoted: what its check said, and its last lines", async () => {
    const asked = waitUntilReady(stack.docker, {
      name: `${prefix}_redis`,
      service: "redis",
      test: ["sh", "-c", "echo not yet; exit 1"],
      testMilliseconds: 5000,
      withinSeconds: 1,
    });
    await expect(asked).rejects.toThrow(
      /_redis is not ready after 1 s \(its check says: not yet\)\. Its last lines:\n.*Ready/s,
    );
    expect((await redis().inspect()).State.Running).toBe(true);
  });

  it("and one in a crash loop is named with its last lines and stopped, and comes up once its cause is mended", async () => {
    const file = join(stack.folder, "components/redis/redis-conf.ts");
    const right = await readFile(file, "utf8");
    const wrong = right.replace('"port 6379"', '"port 6379", "nonsense yes"');
    expect(wrong).not.toBe(right);
    await writeFile(file, wrong);
    const failed = await stack.up("--skip-preview");
    await writeFile(file, right);
    expect(failed.exitCode, failed.all).toBe(1);
    expect(failed.all).toMatch(
      /before hook "waiting for redis" failed: e2e-ready_redis does not stay up \(exit code 1\)/,
    );
    expect(failed.all).toContain("nonsense");
    expect((await redis().inspect()).State).toMatchObject({ Running: false, Restarting: false });
    await stack.mustUp("--skip-preview");
  });
});
