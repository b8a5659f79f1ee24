import { once } from "node:events";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { exitCode } from "../../../lib/errors.ts";
import { connection, connectionError, type Engine } from "../../../ops/engine/connect.ts";
import { candidateHosts, enginePlan, findEngine } from "../../../ops/engine/find.ts";
import { type Machine, readMachine } from "../../../ops/engine/install.ts";
import { checkNofile, nofileLimit } from "../../../ops/engine/limits.ts";

const folder = () => mkdtempSync(join(tmpdir(), "xnai engine "));
const running: { close(): unknown; closeAllConnections(): void }[] = [];
afterEach(() => {
  for (const server of running.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** An engine's API on a socket of its own; returns the directory, the socket is docker.sock in it. */
async function fakeEngine(version: object, info: object = {}): Promise<string> {
  const at = folder();
  const server = createServer((request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(request.url?.endsWith("/version") ? version : info));
  });
  server.listen(join(at, "docker.sock"));
  await once(server, "listening");
  running.push(server);
  return at;
}

const docker = { Version: "20.10.24", ApiVersion: "1.41", Components: [{ Name: "Engine" }] };
const hostIn = (at: string) => `unix://${join(at, "docker.sock")}`;

describe("findEngine", () => {
  it("takes the engine that DOCKER_HOST names, also on a path with spaces", async () => {
    const host = hostIn(await fakeEngine(docker, { SecurityOptions: ["name=seccomp,profile=default"] }));
    const engine = await findEngine({ DOCKER_HOST: host });
    expect(engine).toMatchObject({ host, version: "20.10.24", apiVersion: "1.41", rootless: false, local: true });
  });

  it("knows a rootless engine", async () => {
    const host = hostIn(await fakeEngine(docker, { SecurityOptions: ["name=seccomp", "name=rootless"] }));
    expect((await findEngine({ DOCKER_HOST: host })).rootless).toBe(true);
  });

  it("looks at the default socket, then at the rootless one, and DOCKER_HOST decides alone", () => {
    expect(candidateHosts({ XDG_RUNTIME_DIR: "/run/user/7" })).toEqual([
      "unix:///var/run/docker.sock",
      "unix:///run/user/7/docker.sock",
    ]);
    expect(candidateHosts({ DOCKER_HOST: "unix:///x", XDG_RUNTIME_DIR: "/run/user/7" })).toEqual(["unix:///x"]);
  });

  it.each([
    ["Podman", { ...docker, Version: "4.3.1", Components: [{ Name: "Podman Engine" }] }, "Podman"],
    ["an engine that is too old", { Version: "19.03.1", ApiVersion: "1.40" }, "20.10 (API 1.41) is the oldest"],
  ])("refuses %s", async (_, version, message) => {
    const host = hostIn(await fakeEngine(version));
    await expect(findEngine({ DOCKER_HOST: host })).rejects.toMatchObject({
      code: exitCode.machine,
      fault: "unsupported",
      message: expect.stringContaining(message),
    });
  });

  it("takes API 1.100 for newer than 1.41, and 2.0 too", async () => {
    for (const ApiVersion of ["1.100", "2.0"]) {
      const host = hostIn(await fakeEngine({ ...docker, ApiVersion }));
      expect((await findEngine({ DOCKER_HOST: host })).apiVersion).toBe(ApiVersion);
    }
  });

  it("says that there is no engine where the socket does not exist", async () => {
    await expect(findEngine({ DOCKER_HOST: hostIn(folder()) })).rejects.toMatchObject({
      code: exitCode.machine,
      fault: "absent",
      fix: expect.stringContaining("DOCKER_HOST"),
    });
  });

  it("says that it is not running when nobody listens on the socket", async () => {
    const at = folder();
    // A process that dies without cleaning up leaves its socket.
    const { execFileSync } = await import("node:child_process");
    const script = `require("net").createServer().listen(${JSON.stringify(join(at, "docker.sock"))}, () => process.kill(process.pid, "SIGKILL"))`;
    expect(() => execFileSync(process.execPath, ["-e", script])).toThrow();
    await expect(findEngine({ DOCKER_HOST: hostIn(at) })).rejects.toMatchObject({ fault: "stopped" });
  });

  it("says what came when it is no engine at all", async () => {
    const at = folder();
    const server = createServer((_, response) => response.writeHead(404).end("nothing here"));
    server.listen(join(at, "docker.sock"));
    await once(server, "listening");
    running.push(server);
    await expect(findEngine({ DOCKER_HOST: hostIn(at) })).rejects.toMatchObject({
      fault: "unanswered",
      message: expect.stringContaining("404"),
    });
  });
});

describe("addresses", () => {
  it.each(["tcp://127.0.0.1:2375", "tcp://box"])("refuses %s without TLS", (host) => {
    expect(() => connection(host, { DOCKER_HOST: host })).toThrow("is not encrypted");
    expect(() => connection(host, { DOCKER_HOST: host, DOCKER_TLS_VERIFY: "1" })).toThrow("is not encrypted");
  });

  it.each(["/var/run/docker.sock", "unix://", "npipe:////./pipe/docker_engine", "ssh://box", "nonsense"])(
    "refuses %s",
    (host) => {
      expect(() => connection(host, { DOCKER_HOST: host })).toThrow(`DOCKER_HOST=${host} is not an address`);
    },
  );

  it("uses TLS with the three files of DOCKER_CERT_PATH, and names the one it cannot read", () => {
    const at = folder();
    const env = { DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: at };
    for (const name of ["ca", "cert"]) writeFileSync(join(at, `${name}.pem`), name);
    expect(() => connection("tcp://box:2377", env)).toThrow("key.pem");
    writeFileSync(join(at, "key.pem"), "key");
    expect(connection("tcp://box:2377", env)).toEqual({
      protocol: "https",
      host: "box",
      port: "2377",
      ca: "ca",
      cert: "cert",
      key: "key",
    });
  });

  it("says how to get permission", () => {
    const error = connectionError("unix:///s", {}, Object.assign(new Error("x"), { code: "EACCES" }));
    expect(error).toMatchObject({
      code: exitCode.machine,
      fault: "denied",
      fix: expect.stringContaining("usermod -aG docker"),
    });
  });

  it("says when an engine is silent", () => {
    const error = connectionError("unix:///s", {}, Object.assign(new Error("x"), { name: "AbortError" }));
    expect(error.message).toBe("The Docker engine at unix:///s did not answer within 5 s.");
  });
});

describe("enginePlan", () => {
  const machine: Machine = {
    user: "ann",
    root: true,
    debianLike: true,
    installed: false,
    init: "systemd",
    packages: ["docker.io", "iptables"],
  };

  it.each([
    ["installs and starts on a bare Debian", machine, ["install", "start"]],
    ["only starts what is installed", { ...machine, installed: true }, ["start"]],
    ["starts what is installed on another system", { ...machine, installed: true, debianLike: false }, ["start"]],
  ])("%s", (_, on, steps) => {
    expect(enginePlan(on, true)).toEqual(steps);
  });

  it.each([
    [
      "without consent",
      machine,
      false,
      "--yes to have that done, or run: apt-get install docker.io iptables, then systemctl enable --now docker",
    ],
    ["without consent, installed", { ...machine, installed: true }, false, "or run: systemctl enable --now docker"],
    [
      "without root",
      { ...machine, root: false, init: "none" as const },
      true,
      "Run as root: apt-get install docker.io iptables, then service docker start. Then join its group (usermod -aG docker ann)",
    ],
    ["on another system", { ...machine, debianLike: false }, true, "dnf install moby-engine"],
  ])("%s it says which commands to run", (_, on, consent, fix) => {
    expect(() => enginePlan(on, consent)).toThrow(
      expect.objectContaining({ code: exitCode.machine, fix: expect.stringContaining(fix) }),
    );
  });
});

describe("readMachine", () => {
  function root(files: Record<string, string>): string {
    const at = folder();
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(at, path)), { recursive: true });
      writeFileSync(join(at, path), content);
    }
    return at;
  }
  const debian = {
    "etc/os-release": 'PRETTY_NAME="Debian"\nID=debian\n',
    "usr/bin/apt-get": "",
    "proc/mounts": "cgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n",
  };

  it("sees a bare Debian with systemd", () => {
    expect(readMachine(root({ ...debian, "run/systemd/system/x": "" }))).toMatchObject({
      debianLike: true,
      installed: false,
      init: "systemd",
      packages: ["docker.io", "iptables"],
    });
  });

  it("sees a classic init", () => {
    expect(readMachine(root({ ...debian, "run/initctl": "" })).init).toBe("sysv");
  });

  it("sees an installed engine, no init, AppArmor and missing cgroups", () => {
    const files = {
      ...debian,
      "usr/sbin/dockerd": "",
      "sys/module/apparmor/parameters/enabled": "Y\n",
      "proc/mounts": "/dev/vda / ext4 rw 0 0\n",
    };
    expect(readMachine(root(files))).toMatchObject({
      installed: true,
      init: "none",
      packages: ["docker.io", "iptables", "apparmor", "cgroupfs-mount"],
    });
  });

  it.each([
    ["Ubuntu", "ID=ubuntu\nID_LIKE=debian\n", true],
    ["Mint", 'ID=linuxmint\nID_LIKE="ubuntu debian"\n', true],
    ["Fedora", "ID=fedora\n", false],
  ])("tells whether %s is like Debian", (_, release, expected) => {
    expect(readMachine(root({ ...debian, "etc/os-release": release })).debianLike).toBe(expected);
  });
});

describe("nofile", () => {
  const engine = { host: "unix:///var/run/docker.sock", local: true } as Engine;

  function proc(
    processes: Record<number, { name: string; parent: number; hard: string; capabilities?: string; command?: string }>,
  ): string {
    const at = folder();
    for (const [pid, { name, parent, hard, capabilities = "000001fffeffffff", command = "" }] of Object.entries(
      processes,
    )) {
      mkdirSync(join(at, pid));
      writeFileSync(join(at, pid, "status"), `Name:\t${name}\nPPid:\t${parent}\nCapEff:\t${capabilities}\n`);
      writeFileSync(
        join(at, pid, "limits"),
        `Limit   Soft   Hard   Units\nMax open files            1024                 ${hard}                files\n`,
      );
      writeFileSync(join(at, pid, "cmdline"), command);
    }
    mkdirSync(join(at, "sys/fs"), { recursive: true });
    writeFileSync(join(at, "sys/fs/nr_open"), "1048576\n");
    return at;
  }

  it.each([
    [
      "what its own containerd has",
      {
        10: { name: "dockerd", parent: 1, hard: "5000" },
        11: { name: "containerd", parent: 10, hard: "4000" },
        12: { name: "containerd", parent: 1, hard: "3000" },
      },
      4000,
    ],
    [
      "what the machine's containerd has",
      { 10: { name: "dockerd", parent: 1, hard: "5000" }, 12: { name: "containerd", parent: 1, hard: "3000" } },
      3000,
    ],
    [
      "what the kernel allows with CAP_SYS_RESOURCE",
      { 10: { name: "dockerd", parent: 1, hard: "5000", capabilities: "000001ffffffffff" } },
      1048576,
    ],
    [
      "what the kernel allows when nothing limits it",
      { 10: { name: "dockerd", parent: 1, hard: "unlimited" } },
      1048576,
    ],
    [
      "what the daemon of this socket has",
      {
        10: { name: "dockerd", parent: 1, hard: "5000" },
        20: { name: "dockerd", parent: 1, hard: "6000", command: "dockerd\0-H\0unix:///var/run/docker.sock" },
      },
      6000,
    ],
    ["nothing it knows when it sees no daemon", { 10: { name: "bash", parent: 1, hard: "5000" } }, undefined],
  ])("an engine grants %s", (_, processes, limit) => {
    expect(nofileLimit(engine, proc(processes))).toBe(limit);
  });

  it("asks nothing of this machine about an engine elsewhere", () => {
    expect(nofileLimit({ ...engine, local: false }, "/does/not/exist")).toBeUndefined();
  });

  it("names every key that asks for more than the engine grants", () => {
    const at = proc({ 10: { name: "dockerd", parent: 1, hard: "20000" } });
    expect(() => checkNofile(engine, { redis: 20000, qdrant: 20001, caddy: 65536 }, at)).toThrow(
      expect.objectContaining({
        code: exitCode.machine,
        message:
          "resources.qdrant.nofile is 20001, resources.caddy.nofile is 65536, but the Docker engine at unix:///var/run/docker.sock may grant a container at most 20000 open files.",
      }),
    );
    expect(() => checkNofile(engine, { redis: 20000 }, at)).not.toThrow();
  });
});
