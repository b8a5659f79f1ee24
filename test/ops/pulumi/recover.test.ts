// After a run that ended without saying how: locks, and what it left on the engine.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { parseConfig } from "../../../components/config/parse.ts";
import { exitCode } from "../../../lib/errors.ts";
import type { StackState, StateResource } from "../../../ops/pulumi/state.ts";
import { Clone } from "../../support/clone.ts";
import { FakeEngine } from "../../support/fake-engine.ts";

const clone = new Clone();
let recover: typeof import("../../../ops/pulumi/recover.ts");
let lock: typeof import("../../../ops/pulumi/lock.ts");
let engine: FakeEngine;
let deadPid: number;
/** Killed, and its parent does not collect it. */
let zombiePid: number;
let neglectful: ChildProcess;

beforeAll(async () => {
  [recover, lock] = await Promise.all([
    clone.load<typeof recover>("ops/pulumi/recover.ts"),
    clone.load<typeof lock>("ops/pulumi/lock.ts"),
  ]);
  engine = await FakeEngine.start();
  const child = spawn("true");
  await once(child, "exit");
  deadPid = child.pid as number;
  neglectful = spawn("sh", ["-c", "sleep 0.3 & echo $!; exec sleep 60"], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(neglectful.stdout as NodeJS.ReadableStream, "data");
  zombiePid = Number(line);
});
afterAll(async () => {
  neglectful.kill("SIGKILL");
  await engine.stop();
});
beforeEach(() => {
  vi.stubEnv("PULUMI_BACKEND_URL", undefined);
  vi.spyOn(console, "error").mockImplementation(() => {});
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  engine.clear();
  clone.reset("dev");
});

const said = () => vi.mocked(console.error).mock.calls.flat().join("\n");

describe("Pulumi's lock", () => {
  const path = ".xnai/.pulumi/locks/organization/xnai/dev/1.json";
  const put = (more: object) =>
    clone.write(path, {
      pid: deadPid,
      username: "u",
      hostname: hostname(),
      timestamp: new Date().toISOString(),
      ...more,
    });

  it("of a dead process is released, with what the backend keeps beside it", () => {
    put({});
    const beside = clone.write(`${path}.attrs`, "{}");
    recover.releaseDeadLocks("dev");
    expect(existsSync(clone.path(path)) || existsSync(beside)).toBe(false);
    expect(said()).toContain(`process ${deadPid}) ended without cleaning up: its lock is released`);
  });

  it("of a killed process that nobody collected is released", async () => {
    await vi.waitFor(() => expect(readFileSync(`/proc/${zombiePid}/stat`, "utf8")).toContain(") Z "), 5000);
    process.kill(zombiePid, 0);
    put({ pid: zombiePid });
    recover.releaseDeadLocks("dev");
    expect(existsSync(clone.path(path))).toBe(false);
  });

  it("of a process at work is somebody else's", () => {
    put({ pid: process.pid });
    expect(() => recover.releaseDeadLocks("dev")).toThrow(
      expect.objectContaining({ code: exitCode.busy, message: expect.stringContaining(`process ${process.pid} of u`) }),
    );
    expect(existsSync(clone.path(path))).toBe(true);
  });

  it("of a dead process whose number is taken again is released", () => {
    put({ pid: process.pid, timestamp: "2020-01-01T00:00:00Z" });
    recover.releaseDeadLocks("dev");
    expect(existsSync(clone.path(path))).toBe(false);
  });

  it("of another machine is never judged from here", () => {
    put({ hostname: "elsewhere" });
    expect(() => recover.releaseDeadLocks("dev")).toThrow(
      expect.objectContaining({ code: exitCode.busy, fix: expect.stringContaining("pulumi cancel --stack dev") }),
    );
  });

  it("of another stack, or of a backend that is not ours, is left alone", () => {
    put({ pid: process.pid });
    recover.releaseDeadLocks("other");
    vi.stubEnv("PULUMI_BACKEND_URL", "s3://bucket");
    recover.releaseDeadLocks("dev");
    expect(existsSync(clone.path(path))).toBe(true);
  });
});

describe("xnai's lock", () => {
  const file = ".xnai/dev.lock";

  it("is held while the work is done, and let go after a failure too", async () => {
    expect(await lock.alone("dev", "up", async () => JSON.parse(clone.read(file)).command)).toBe("up");
    expect(existsSync(clone.path(file))).toBe(false);
    await expect(lock.alone("dev", "up", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(existsSync(clone.path(file))).toBe(false);
  });

  it("says who is at work", async () => {
    await lock.alone("dev", "destroy", async () => {
      await expect(lock.alone("dev", "up", async () => {})).rejects.toMatchObject({
        code: exitCode.busy,
        message: expect.stringContaining(`xnai destroy (process ${process.pid})`),
      });
      await lock.alone("other", "up", async () => {});
      expect(existsSync(clone.path(file))).toBe(true);
    });
  });

  it.each([
    ["a dead process", () => ({ pid: deadPid, startedTicks: 1 })],
    ["another process of that number", () => ({ pid: process.pid, startedTicks: 1 })],
    ["nobody, because it was cut off while it was written", () => "{"],
  ])("of %s is taken over", async (_, content) => {
    clone.write(file, content());
    expect(await lock.alone("dev", "up", async () => "done")).toBe("done");
  });
});

describe("what an interrupted run left behind", () => {
  const config = parseConfig({ prefix: "lab" });
  const labels = { "io.xnai.stack": "lab" };
  const creating = (type: string, name: string): StackState["pending"][number] => ({
    type: "creating",
    resource: { urn: `urn::${name}`, type, inputs: { name } },
  });
  const containerType = "docker:index/container:Container";
  const clear = (resources: StateResource[], pending: StackState["pending"], code = 0) => {
    const calls = clone.path(".xnai/calls");
    const pulumi = clone.write(".xnai/pulumi", `#!/bin/sh\necho "$*" >> "${calls}"\necho "no way" >&2\nexit ${code}\n`);
    chmodSync(pulumi, 0o755);
    return recover.clearInterrupted(engine.docker, "dev", config, { resources, pending }, { path: pulumi, env: {} });
  };

  it("is nothing to look for when no operation was under way", async () => {
    const resources = [{ urn: "urn:1", type: "t" }];
    expect(await clear(resources, [])).toEqual({ resources, pending: [] });
    expect(existsSync(clone.path(".xnai/calls"))).toBe(false);
  });

  it("is removed when it is ours, was being made and is not in state; never a volume", async () => {
    engine.containers = [
      { id: "half", name: "lab_redis", labels },
      { id: "known", name: "lab_caddy", labels },
      { id: "other", name: "lab_other", labels },
      { id: "foreign", name: "lab_qdrant" },
    ];
    engine.networks = [
      { id: "n-half", name: "lab_network", labels },
      { id: "n-foreign", name: "lab_db" },
    ];
    engine.volumes = [{ name: "lab_redis_data", labels }];
    const pending = [
      ...["lab_redis", "lab_caddy", "lab_qdrant"].map((name) => creating(containerType, name)),
      ...["lab_network", "lab_db"].map((name) => creating("docker:index/network:Network", name)),
      creating("docker:index/volume:Volume", "lab_redis_data"),
    ];
    await clear([{ urn: "urn:c", type: containerType, id: "known" }], pending);
    expect(engine.containers.map(({ id }) => id)).toEqual(["known", "other", "foreign"]);
    expect(engine.networks.map(({ id }) => id)).toEqual(["n-foreign"]);
    expect(engine.volumes).toHaveLength(1);
    expect(engine.changes).toEqual([
      "POST /containers/half/stop",
      "DELETE /containers/half",
      "DELETE /networks/n-half",
    ]);
    expect(clone.read(".xnai/calls")).toContain("refresh --stack dev --yes --skip-preview --clear-pending-creates");
    expect(said()).toContain("container lab_redis, left half-made by an interrupted run, is removed");
  });

  it("is not what was being deleted or changed", async () => {
    engine.containers = [{ id: "1", name: "lab_redis", labels }];
    await clear([], [{ ...creating(containerType, "lab_redis"), type: "updating" }]);
    expect(engine.changes).toEqual([]);
  });

  it("is told when state cannot be cleared", async () => {
    await expect(clear([], [creating(containerType, "lab_redis")], 1)).rejects.toMatchObject({
      code: exitCode.failed,
      message: expect.stringContaining("still holds operations of an interrupted run: no way"),
    });
  });
});
