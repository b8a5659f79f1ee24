import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../../components/config/parse.ts";
import { Networks } from "../../../../components/engine/networks.ts";
import { Images } from "../../../../components/engine/remote-images.ts";
import { Job, type JobArgs, jobScript } from "../../../../components/engine/tasks/job.ts";
import { jobFailureMark } from "../../../../components/engine/watch.ts";
import { one, type Program, run } from "../../../support/program.ts";
import { runScript, shells } from "../../../support/shells.ts";

describe.each(shells)("the script of a Job, in $name", (shell) => {
  /** Runs it with a file of the test's as its mark; sleeping is a line in another. */
  function job(script: string, ...args: string[]) {
    const folder = mkdtempSync(join(tmpdir(), "xnai job "));
    const [done, slept] = [join(folder, "done"), join(folder, "slept")];
    const text = jobScript(script).replaceAll("/dev/shm/xnai-job-done", `"${done}"`);
    const ran = runScript(shell, `sleep() { echo "$1" >> "${slept}"; }\n${text}`, args);
    return { ...ran, done: existsSync(done), slept: existsSync(slept) ? readFileSync(slept, "utf8").trim() : "" };
  }

  it("ends well at its end, and stays to be seen healthy", () => {
    const ended = job('echo "$1 and $2"', "one", "two words");
    expect(ended).toEqual({ code: 0, stdout: "one and two words\n", stderr: "", done: true, slept: "5" });
  });

  it("says why it failed behind the mark, and stays alive longer than any deadline", () => {
    const ended = job('fail "the disk is full"\necho "never here"');
    const stderr = `${jobFailureMark} the disk is full\n`;
    expect(ended).toEqual({ code: 1, stdout: "", stderr, done: false, slept: "86400" });
  });

  it("does not count as done when it uses a variable that is not set", () => {
    const { code, done } = job('echo "$nothing"');
    expect(code).not.toBe(0);
    expect(done).toBe(false);
  });
});

type Partly = Partial<Omit<JobArgs, "run">> & { run?: { user: { uid: number; gid: number }; network?: "main" } };

function job({ run: as, ...more }: Partly = {}, values: Record<string, unknown> = {}) {
  return run(() => {
    const config = parseConfig(values);
    const networks = new Networks("networks", config);
    return new Job("redis-check", {
      config,
      images: new Images("images", config),
      service: "redis",
      script: "true",
      volumes: [],
      ...more,
      ...(as && { run: { user: as.user, ...(as.network && { network: networks.get(as.network) }) } }),
    });
  });
}
const container = (program: Program) => one(program, "Container", "redis-check");
const owner = { uid: 1000, gid: 1000 };

describe("a Job", () => {
  it("gets its words as arguments, never in the script", async () => {
    const { inputs } = container(await job({ script: 'echo "$1"', args: ["$(reboot)", "; reboot"] }));
    expect(inputs.entrypoints).toEqual(["sh", "-c", jobScript('echo "$1"'), "redis-check"]);
    expect(inputs.command).toEqual(["$(reboot)", "; reboot"]);
  });

  it("counts when its work is done, as soon as that is so", async () => {
    const { inputs } = container(await job());
    expect(inputs).toMatchObject({ wait: true, waitTimeout: 600, mustRun: false, restart: "no" });
    expect(inputs.healthcheck).toEqual({
      tests: ["CMD", "test", "-e", "/dev/shm/xnai-job-done"],
      interval: "200ms",
      timeout: "5s",
      startPeriod: "0s",
      retries: 1,
    });
  });

  it("has the time of the configuration, and a minute to be created and started", async () => {
    const { inputs, createTimeout } = container(await job({}, { jobTimeoutSeconds: 60 }));
    expect(inputs.waitTimeout).toBe(60);
    expect(createTimeout).toBe("120s");
    // Not in the script: another time would otherwise run every Job again, and restart every service.
    const usual = container(await job()).inputs;
    expect(inputs.entrypoints).toEqual(usual.entrypoints);
  });

  it("runs in a small container of busybox, with room if it asks for it", async () => {
    const small = container(await job()).inputs;
    expect(small).toMatchObject({ memory: 64, memorySwap: 64, cpus: "1.0", name: "xnai_redis_check" });
    expect(small.image).toMatch(/^busybox:/);
    const large = container(await job({ memoryMiB: 512, image: "redis", env: { A: "1" } })).inputs;
    expect(large).toMatchObject({ memory: 512, memorySwap: 512, envs: ["A=1"] });
    expect(large.image).toMatch(/^redis:/);
  });

  it("is root without a network, or somebody else with one", async () => {
    expect(container(await job()).inputs).toMatchObject({ user: "0:0", networkMode: "none" });
    const other = container(await job({ run: { user: owner, network: "main" } })).inputs;
    expect(other).toMatchObject({
      user: "1000:1000",
      capabilities: { adds: [], drops: ["ALL"] },
      networksAdvanced: [{ name: "xnai_network" }],
      sysctls: { "net.ipv4.ip_default_ttl": "1" },
      dns: ["127.0.0.1"],
    });
    expect(other).not.toHaveProperty("networkMode");
    expect(container(await job({ run: { user: owner } })).inputs.networkMode).toBe("none");
  });

  it("is replaced with what it belongs to, and waits for its network", async () => {
    const program = await run(() => {
      const config = parseConfig({});
      const networks = new Networks("networks", config);
      const images = new Images("images", config);
      const common: JobArgs = { config, images, service: "redis", script: "true", volumes: [] };
      const first = new Job("redis-first", common);
      return new Job("redis-check", {
        ...common,
        run: { user: owner, network: networks.get("main") },
        replaceWith: [first.container],
      });
    });
    expect(container(program).replaceWith).toEqual(["redis-first"]);
    expect(container(program).dependsOn).toEqual(expect.arrayContaining(["main", "busybox"]));
    expect(one(program, "Container", "redis-first").replaceWith).toEqual([]);
  });

  it("keeps a secret upload secret, and has a writable root file system only for it", async () => {
    const upload = { file: "/x/key", content: pulumi.secret("hidden") };
    const volumes = [{ containerPath: "/x", volumeName: "xnai_redis_config" }];
    const { inputs, visible } = container(await job({ uploads: [upload], volumes }));
    expect(inputs).toMatchObject({
      readOnly: false,
      uploads: [{ file: "/x/key", content: "hidden", permissions: "0400" }],
    });
    expect(JSON.stringify(visible)).not.toContain("hidden");
    expect(container(await job()).inputs.readOnly).toBe(true);
  });
});
