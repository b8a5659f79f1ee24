// What a command does before it runs Pulumi, and in which order; with a toolchain that notes what it is asked.
import { chmodSync, existsSync } from "node:fs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { exitCode } from "../../lib/errors.ts";
import type { Engine } from "../../ops/engine/connection/connect.ts";
import { Clone } from "../support/clone.ts";
import { FakeEngine } from "../support/fake-engine.ts";

const clone = new Clone();
const calls = ".xnai/calls";
const file = "Pulumi.dev.yaml";
let fake: FakeEngine;
let engine: Engine;
let openStack: typeof import("../../ops/open-stack.ts").openStack;

beforeAll(async () => {
  const cli = clone.write("pulumi", `#!/bin/sh\necho "$DOCKER_HOST $*" >> "${clone.path(calls)}"\n`);
  chmodSync(cli, 0o755);
  clone.write(
    "airgap/toolchain/index.ts",
    `export const ensureToolchain = async () => ({ pulumi: ${JSON.stringify(cli)}, env: { PULUMI_HOME: "/home" } });`,
  );
  ({ openStack } = await clone.load<typeof import("../../ops/open-stack.ts")>("ops/open-stack.ts"));
  fake = await FakeEngine.start();
  engine = { host: fake.host, docker: fake.docker } as Engine;
});
afterAll(() => fake.stop());
beforeEach(() => {
  for (const name of ["PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"])
    vi.stubEnv(name, undefined);
  vi.stubEnv("DOCKER_HOST", "unix:///nowhere/docker.sock");
  clone.write(file, "config:\n  xnai:prefix: lab\n");
});
afterEach(() => {
  vi.unstubAllEnvs();
  clone.reset("dev");
});

describe("openStack", () => {
  it("hands over everything that a command works with, the engine's address in the environment", async () => {
    const { config, pulumi, state, engine: found } = await openStack("dev", { engine: async () => engine });
    expect(config.prefix).toBe("lab");
    expect(found).toBe(engine);
    expect(pulumi.env).toMatchObject({ PULUMI_HOME: "/home", DOCKER_HOST: fake.host });
    expect(pulumi.env.PULUMI_BACKEND_URL).toBe(`file://${clone.path(".xnai")}`);
    expect(state).toEqual({ resources: [], pending: [] });
    expect(clone.read(calls)).toBe(`${fake.host} --non-interactive stack init dev --no-select\n`);
  });

  it("completes the configuration between the engine and the stack", async () => {
    const order: string[] = [];
    const { config } = await openStack("dev", {
      engine: async () => {
        order.push("engine");
        return engine;
      },
      complete: async (found, written) => {
        order.push(`complete on ${found.host}, ${existsSync(clone.path(calls)) ? "after" : "before"} Pulumi`);
        return { ...written, prefix: "completed" };
      },
    });
    expect(order).toEqual(["engine", `complete on ${fake.host}, before Pulumi`]);
    expect(config.prefix).toBe("completed");
  });

  it("does nothing with a wrong configuration", async () => {
    clone.write(file, "config:\n  xnai:prefx: lab\n");
    const find = vi.fn(async () => engine);
    await expect(openStack("dev", { engine: find })).rejects.toMatchObject({
      code: exitCode.usage,
      message: expect.stringContaining("xnai:prefx"),
    });
    expect(find).not.toHaveBeenCalled();
    expect(existsSync(clone.path(".xnai"))).toBe(false);
  });

  it("makes no stack where there is no engine", async () => {
    await expect(openStack("dev")).rejects.toMatchObject({
      code: exitCode.machine,
      message: expect.stringContaining("/nowhere/docker.sock"),
    });
    expect(existsSync(clone.path(calls))).toBe(false);
  });
});
