// An engine of the test's own, with its own data, socket and process: started, left alone, found, stopped.
import { existsSync, mkdtempSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { ensureImages, imagesInEngine } from "../../airgap/images/index.ts";
import { localImage } from "../../airgap/images/names.ts";
import { parseConfig } from "../../components/config/parse.ts";
import { exitCode } from "../../lib/errors.ts";
import { ensureEngine } from "../../ops/engine/connection/ensure.ts";
import { findEngine } from "../../ops/engine/connection/find.ts";
import { startDaemon } from "../../ops/engine/connection/install.ts";
import { checkAddressPools, dockersOwn, freeRanges, type Pool } from "../../ops/engine/preflight/address-pools.ts";
import { checkNofile, nofileLimit } from "../../ops/engine/preflight/open-files.ts";

const root = mkdtempSync(join(tmpdir(), "xnai-engine-"));
const host = `unix://${root}/docker.sock`;
const pidfile = join(root, "pid");
const options = {
  host,
  log: join(root, "log"),
  args: [
    ...["--data-root", join(root, "data"), "--exec-root", join(root, "exec"), "--pidfile", pidfile],
    // The machine's network belongs to its real engine.
    ...["--bridge=none", "--iptables=false", "--ip6tables=false"],
  ],
};
const pid = () => Number(readFileSync(pidfile, "utf8"));

async function stop(): Promise<void> {
  if (!existsSync(pidfile)) return;
  const daemon = pid();
  process.kill(daemon, "SIGTERM");
  await vi.waitFor(() => expect(existsSync(`/proc/${daemon}`)).toBe(false), { timeout: 20_000 });
}

beforeAll(async () => {
  // By a process that ends, as xnai does, with something secret in its environment.
  const script = `import { startDaemon } from ${JSON.stringify(join(import.meta.dirname, "../../ops/engine/connection/install.ts"))};
    const engine = await startDaemon(${JSON.stringify(options)});
    console.log(engine.version);`;
  const env = { PULUMI_CONFIG_PASSPHRASE: "planted-secret", HTTPS_PROXY: "http://127.0.0.1:9" };
  const { stdout } = await execa(process.execPath, ["--input-type=module-typescript", "-e", script], {
    env,
    timeout: 90_000,
  });
  expect(stdout).toMatch(/^\d+\.\d+/);
});

afterAll(async () => {
  await stop();
  rmSync(root, { recursive: true, force: true });
});

describe("an engine that was started", () => {
  it("outlives the process that started it, in a session of its own", async () => {
    expect((await findEngine({ env: { DOCKER_HOST: host } })).host).toBe(host);
    const [, fields = ""] = readFileSync(`/proc/${pid()}/stat`, "utf8").split(") ");
    const [, parent, , session, terminal] = fields.split(" ").map(Number);
    expect({ parent: parent !== process.pid, session, terminal }).toEqual({
      parent: true,
      session: pid(),
      terminal: 0,
    });
    const files = [0, 1, 2].map((descriptor) => readlinkSync(`/proc/${pid()}/fd/${descriptor}`));
    expect(files).toEqual(["/dev/null", options.log, options.log]);
    expect(readlinkSync(`/proc/${pid()}/cwd`)).toBe("/");
  });

  it("gets nothing of the caller's environment but PATH and proxies", () => {
    const names = readFileSync(`/proc/${pid()}/environ`, "utf8")
      .split("\0")
      .filter(Boolean)
      .map((line) => line.split("=")[0]);
    expect(names).toContain("HTTPS_PROXY");
    expect(names.filter((name) => !/^(PATH|PWD|OLDPWD|SHLVL|_|(https?|no|all)_proxy)$/i.test(name ?? ""))).toEqual([]);
  });

  it("is found in less than 50 ms", async () => {
    const times: number[] = [];
    for (let run = 0; run < 9; run++) {
      const start = performance.now();
      await ensureEngine({ consent: false, env: { DOCKER_HOST: host } });
      times.push(performance.now() - start);
    }
    expect(times.sort((a, b) => a - b)[4]).toBeLessThan(50);
  });

  it("gets images from the cache without a build", async () => {
    const { docker } = await findEngine();
    await ensureImages({ docker, names: ["busybox"] });
    const lines: string[] = [];
    const mine = (await findEngine({ env: { DOCKER_HOST: host } })).docker;
    await ensureImages({ docker: mine, names: ["busybox"], onProgress: (line) => lines.push(line) });
    expect(lines).toEqual(["image busybox: loading into the engine"]);
    const [one, other] = await Promise.all(
      [docker, mine].map((engine) => imagesInEngine(engine, [localImage("busybox")])),
    );
    expect(other).toEqual(one);
  });

  it("grants as many open files as was foretold, and not one more", async () => {
    const engine = await findEngine({ env: { DOCKER_HOST: host } });
    const limit = nofileLimit(engine) ?? 0;
    const run = async (nofile: number) => {
      const container = await engine.docker.createContainer({
        Image: localImage("busybox"),
        Cmd: ["sh", "-c", `[ "$(ulimit -Hn)" = ${nofile} ]`],
        HostConfig: { NetworkMode: "none", Ulimits: [{ Name: "nofile", Soft: nofile, Hard: nofile }] },
      });
      try {
        await container.start();
        return (await container.wait()).StatusCode;
      } finally {
        await container.remove({ force: true });
      }
    };
    checkNofile(engine, { redis: limit });
    expect(await run(limit)).toBe(0);
    expect(() => checkNofile(engine, { "resources.redis.nofile": limit + 1 })).toThrow(
      `resources.redis.nofile is ${limit + 1}`,
    );
    await expect(run(limit + 1)).rejects.toThrow("setting rlimit");
  });
});

it("an engine has ranges for as many networks as was foretold, and not one more", async () => {
  const { docker, traits } = await findEngine();
  const config = parseConfig({ prefix: "pools" });
  const { DefaultAddressPools: pools = dockersOwn } = (await docker.info()) as { DefaultAddressPools?: Pool[] };
  const used = async () =>
    (await docker.listNetworks()).flatMap(({ IPAM }) => (IPAM?.Config ?? []).flatMap(({ Subnet }) => Subnet ?? []));
  const free = freeRanges(pools, await used(), 1000);
  const made: string[] = [];
  const make = async () => {
    const name = `pools-${made.length}`;
    await docker.createNetwork({ Name: name });
    made.push(name);
  };
  try {
    for (let number = 0; number < free; number++) await make();
    expect(freeRanges(pools, await used(), 1000)).toBe(0);
    await expect(make()).rejects.toThrow(/address pool/);
    await expect(checkAddressPools({ docker, traits }, config, pools)).rejects.toThrow("for 0 more networks");
  } finally {
    for (const name of made) await docker.getNetwork(name).remove();
  }
});

describe("an engine that cannot be started", () => {
  it("says why with the daemon's own last words", async () => {
    const log = join(root, "wrong.log");
    const start = startDaemon({ host: `unix://${root}/wrong.sock`, log, args: ["--no-such-flag"] });
    await expect(start).rejects.toMatchObject({
      code: exitCode.machine,
      message: expect.stringContaining("unknown flag: --no-such-flag"),
      fix: expect.stringContaining(log),
    });
  });
});

describe("an engine that was stopped", () => {
  it("is not there, and DOCKER_HOST is not answered by installing another", async () => {
    await stop();
    await expect(ensureEngine({ consent: true, env: { DOCKER_HOST: host } })).rejects.toMatchObject({
      fault: "absent",
    });
  });

  it("comes back with its images", async () => {
    const engine = await startDaemon(options);
    expect((await imagesInEngine(engine.docker, [localImage("busybox")])).size).toBe(1);
  });
});
