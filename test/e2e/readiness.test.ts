// What `status` and `up` say of a service that does not answer, and what brings it back.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exposure, services } from "../support/data.ts";
import { eventually } from "../support/neighbour.ts";
import { TestStack } from "../support/stack.ts";

const prefix = "e2e-ready";
let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.create(prefix, { services: services("redis", "caddy"), exposure: exposure(18970) });
  await stack.mustUp();
});
afterAll(async () => stack?.close());

const redis = () => stack.container("redis");
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
  it("are taken in by a service that runs on: no restart, and no connection of the front door is cut", async () => {
    const before = [
      (await redis().inspect()).State.StartedAt,
      (await stack.container("caddy").inspect()).State.StartedAt,
    ];
    const open = await fetch("http://127.0.0.1:18970/healthz", { headers: { connection: "keep-alive" } });
    await stack.configure({
      resources: { redis: { pids: 2000 } },
      caddy: { routes: [{ path: "/new", upstream: "nobody:1" }] },
    });
    await stack.mustUp();
    expect([
      (await redis().inspect()).State.StartedAt,
      (await stack.container("caddy").inspect()).State.StartedAt,
    ]).toEqual(before);
    expect((await redis().inspect()).HostConfig.PidsLimit).toBe(2000);
    expect(await open.text()).toBe("ok");
    expect((await fetch("http://127.0.0.1:18970/new")).status).toBe(502);
  });
});
