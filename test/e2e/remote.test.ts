// An engine on another machine: a real ssh server, the system's own ssh, and a stack that is driven through the tunnel.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { exitCode } from "../../lib/errors.ts";
import { findEngine } from "../../ops/engine/connection/find.ts";
import { socketsThere } from "../../ops/engine/remote/sockets.ts";
import { engineNamed } from "../support/engines/catalogue.ts";
import { type RunningEngine, startEngine } from "../support/engines/start.ts";
import { debianIsThere } from "../support/engines/system.ts";
import { SshServer } from "../support/ssh-server.ts";
import { TestStack } from "../support/stack.ts";

const socket = (process.env.DOCKER_HOST ?? "").replace("unix://", "");
const tunnels = () => readdirSync(tmpdir()).filter((name) => name.startsWith("xnai-ssh-"));

let server: SshServer;
beforeAll(async () => {
  server = await SshServer.start();
});
afterAll(() => server?.stop());
beforeEach(() => {
  vi.stubEnv("PATH", server.env.PATH);
});
afterEach(() => {
  vi.unstubAllEnvs();
  server.trust();
  server.accept(true);
});

const find = (address: string) => findEngine({ env: { DOCKER_HOST: address } });
const refused = (what: string, fix: string) => ({
  code: exitCode.machine,
  message: expect.stringContaining(what),
  fix: expect.stringContaining(fix),
});

describe("an engine behind ssh", () => {
  it("answers through a socket here that nobody else may use, and is known to be elsewhere", async () => {
    const engine = await find(server.address(socket));
    expect(engine).toMatchObject({ local: false, ssh: { destination: "root@127.0.0.1", port: `${server.port}` } });
    expect(engine.host).toMatch(/^unix:\/\/.*xnai-ssh-/);
    expect((await engine.docker.info()).ID).toBeTruthy();
  });

  it("is found by the sockets that engines have, those of its user too", async () => {
    await server.restart([`SetEnv XDG_RUNTIME_DIR=${dirname(socket)}`]);
    const ssh = { destination: "root@127.0.0.1", port: `${server.port}` };
    expect(await socketsThere(ssh, ["/nowhere/docker.sock", "docker.sock"])).toEqual([socket]);
  });

  it("is let go of when the process that uses it is killed", async () => {
    await server.restart();
    const before = tunnels();
    const script = `import { findEngine } from ${JSON.stringify(join(import.meta.dirname, "../../ops/engine/connection/find.ts"))};
      await findEngine({ env: { DOCKER_HOST: ${JSON.stringify(server.address(socket))} } });
      console.log("found"); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ["--input-type=module-typescript", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    const [mine] = tunnels().filter((name) => !before.includes(name));
    expect(mine).toBeDefined();
    child.kill("SIGKILL");
    await vi.waitFor(() => expect(existsSync(join(tmpdir(), `${mine}`))).toBe(false), { timeout: 10_000 });
    await vi.waitFor(async () => expect(await server.sessions()).toBe(0), { timeout: 10_000 });
  });
});

// Its programs are made by `npm run test:engines`, which needs a network; there is none here.
describe.skipIf(!debianIsThere())("Podman without root, behind ssh", () => {
  const podman = engineNamed("podman-5.4-rootless");
  let engine: RunningEngine;
  beforeAll(async () => {
    engine = await startEngine(podman, console.error);
  });
  afterAll(() => engine?.stop());

  it("answers, and says what it is", async () => {
    await server.restart();
    const found = await find(server.address(`/proc/${engine.machine.pid}/root${podman.socket}`));
    expect(found).toMatchObject({ local: false, traits: { kind: "podman", rootless: true } });
    await found.docker.createVolume({ Name: "over-ssh" });
    expect((await found.docker.listVolumes()).Volumes.map(({ Name }) => Name)).toContain("over-ssh");
  });
});

describe("what is in the way is said in words", () => {
  it.each([
    ["a host that is not known", () => server.forget(), "does not know the host key of root@127.0.0.1", "ssh -p"],
    [
      "a host key that has changed",
      () => server.trust("client"),
      "is not the one that this machine knows",
      "ssh-keygen -R",
    ],
    [
      "no key that is accepted",
      () => server.accept(false),
      "accepts none of your ssh keys (it takes: publickey)",
      "ssh-copy-id",
    ],
    ["no ssh here", () => vi.stubEnv("PATH", dirname(process.execPath)), "this one has no ssh", "openssh-client"],
  ])("%s", async (_, make, what, fix) => {
    make();
    await expect(find(server.address(socket))).rejects.toMatchObject(refused(what, fix));
  });

  it("no engine there", async () => {
    await expect(find(server.address("/nowhere/docker.sock"))).rejects.toMatchObject(
      refused("none of /nowhere/docker.sock is there", "Start it on that machine"),
    );
  });

  it("a server that is not there", async () => {
    await expect(find("ssh://root@127.0.0.1:1")).rejects.toMatchObject(refused("No ssh server answers", "ssh -p 1"));
  });

  it("a server that lets no sockets through", async () => {
    await server.restart(["AllowStreamLocalForwarding no"]);
    await expect(find(server.address(socket))).rejects.toMatchObject(
      refused("its ssh server does not let sockets through", "AllowStreamLocalForwarding yes"),
    );
    await server.restart();
  });
});

describe("a stack on another machine", () => {
  let stack: TestStack;
  let first: string;
  const remote = () => ({ env: { ...server.env, DOCKER_HOST: server.address(socket) } });
  const up = (...args: string[]) => stack.xnai(["up", "--yes", ...args], remote());

  beforeAll(async () => {
    await server.restart();
    const only = { consul: false, vikunja: false, postgres: false, qdrant: false };
    stack = await TestStack.create("remote", { services: only });
    const ran = await up();
    expect(ran.exitCode, ran.all).toBe(0);
    first = ran.all;
  });
  afterAll(async () => stack?.close());

  it("comes up, says what was not checked there, and how its addresses are reached from here", () => {
    expect(first).toMatch(
      /the engine is on root@127\.0\.0\.1, so that this is not checked beforehand there: addresses/,
    );
    expect(first).toContain(`ssh -NT -L 8000:127.0.0.1:8000 -L 6379:127.0.0.1:6379 -p ${server.port} root@127.0.0.1`);
    expect(tunnels()).toEqual([]);
  });

  it("is quiet, whatever the tunnel of the day is called", async () => {
    for (const more of [[], ["--refresh"]]) {
      const { exitCode, all } = await up("--expect-no-changes", "--diff", ...more);
      expect(exitCode, all).toBe(0);
      expect(all).not.toMatch(/providers?:docker.*update|xnai-ssh-/);
    }
  });

  it("has a status and a preview, and credentials that say how to use them", async () => {
    const status = await stack.xnai(["status"], remote());
    expect(status.exitCode, status.all).toBe(0);
    expect(status.stderr).toContain("-L 6379:127.0.0.1:6379");
    const preview = await stack.xnai(["preview", "--expect-no-changes"], remote());
    expect(preview.exitCode, preview.all).toBe(0);
    const credentials = await stack.xnai(["credentials", "--plain"], remote());
    expect(credentials.stderr).toContain("-L 6379:127.0.0.1:6379");
  });

  it("a bare pulumi says what to do, before anything happens", async () => {
    const { all, exitCode } = await stack.pulumi(["up", "--stack", "dev", "--yes"], remote());
    expect(exitCode).not.toBe(0);
    expect(all).toMatch(/a bare pulumi makes none/);
    expect(all).toContain("Run npm run up, which does.");
  });

  it("says so when the connection is lost in the middle, and the next run brings it to its end", async () => {
    await stack.configure({ redis: { maxMemoryMiB: 300 } });
    const running = up();
    // Redis is stopped for its new files.
    const redis = () => stack.container("redis").inspect();
    await vi.waitFor(() => expect(redis().then(({ State }) => State.Running)).rejects.toThrow(), {
      timeout: 120_000,
      interval: 10,
    });
    await server.cut();
    const ran = await running;
    expect(ran.exitCode, ran.all).toBe(exitCode.failed);
    expect(ran.all).toMatch(/the ssh connection to root@127\.0\.0\.1 is lost/);
    await server.restart();
    const again = await up();
    expect(again.exitCode, again.all).toBe(0);
    const { stdout } = await stack.exec("redis", ["grep", "maxmemory ", "/run/xnai/redis.conf"]);
    expect(stdout).toBe("maxmemory 300mb");
  });
});
