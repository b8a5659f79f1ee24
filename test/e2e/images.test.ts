// Each built image starts as the stack starts it: as another user, on a read-only root, without capabilities.
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import type Dockerode from "dockerode";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { ensureImages, imagesInEngine } from "../../airgap/images/index.ts";
import { type ImageName, localImage, versions } from "../../airgap/images/names.ts";
import { findEngine } from "../../ops/engine/connection/find.ts";

const names: ImageName[] = ["busybox", "redis", "caddy", "consul", "postgres"];
const mine = `xnai-images-test-${process.pid}`;
let docker: Dockerode;

beforeAll(async () => {
  docker = (await findEngine()).docker;
  await ensureImages({ docker, names, onProgress: console.log });
});

afterAll(async () => {
  const filters = { label: [`test=${mine}`] };
  for (const { Id } of await docker.listContainers({ all: true, filters })) {
    await docker.getContainer(Id).remove({ force: true, v: true });
  }
  await Promise.all((await docker.listVolumes({ filters })).Volumes.map(({ Name }) => docker.getVolume(Name).remove()));
});

interface Run {
  entrypoint?: string[];
  cmd?: string[];
  env?: string[];
  user?: string;
  tmpfs?: Record<string, string>;
  /** Volume name: where it is mounted. */
  volumes?: Record<string, string>;
  capAdd?: string[];
  writable?: boolean;
}

async function start(image: ImageName, run: Run): Promise<Dockerode.Container> {
  const container = await docker.createContainer({
    Image: localImage(image),
    Entrypoint: run.entrypoint,
    Cmd: run.cmd,
    Env: run.env,
    User: run.user ?? "1000:1000",
    Labels: { test: mine },
    HostConfig: {
      ReadonlyRootfs: !run.writable,
      CapDrop: ["ALL"],
      CapAdd: run.capAdd,
      SecurityOpt: ["no-new-privileges"],
      NetworkMode: "none",
      Tmpfs: run.tmpfs,
      Binds: Object.entries(run.volumes ?? {}).map(([volume, at]) => `${volume}:${at}`),
    },
  });
  await container.start();
  return container;
}

async function logs(container: Dockerode.Container): Promise<string> {
  return demultiplexed(await container.logs({ stdout: true, stderr: true, follow: true }));
}

async function demultiplexed(stream: NodeJS.ReadableStream): Promise<string> {
  const both = new PassThrough();
  docker.modem.demuxStream(stream, both, both);
  stream.on("end", () => both.end());
  return text(both);
}

/** Runs a command to its end. */
async function output(image: ImageName, run: Run): Promise<{ code: number; said: string }> {
  const container = await start(image, run);
  const [said, { StatusCode }] = await Promise.all([logs(container), container.wait()]);
  return { code: StatusCode, said };
}

/** Runs a command beside a running service, as a health check does. */
async function exec(container: Dockerode.Container, ...cmd: string[]): Promise<{ code: number; said: string }> {
  const command = await container.exec({ Cmd: cmd, AttachStdout: true, AttachStderr: true });
  const said = await demultiplexed(await command.start({}));
  return { code: (await command.inspect()).ExitCode ?? -1, said };
}

/** Waits until a health check passes; returns what it said. */
async function healthy(container: Dockerode.Container, ...cmd: string[]): Promise<string> {
  return vi.waitFor(
    async () => {
      const { code, said } = await exec(container, ...cmd);
      expect(code, said).toBe(0);
      return said;
    },
    { timeout: 30_000, interval: 200 },
  );
}

async function stop(container: Dockerode.Container): Promise<{ exit: number; milliseconds: number }> {
  const start = performance.now();
  await container.stop({ t: 20 });
  const { State } = await container.inspect();
  return { exit: State.ExitCode, milliseconds: performance.now() - start };
}

/** A volume that belongs to 1000:1000 and holds a directory, because an empty one would take the image's owner. */
async function volume(name: string, directory: string): Promise<string> {
  const { name: made } = await docker.createVolume({ Name: `${mine}-${name}`, Labels: { test: mine } });
  const prepare = `mkdir -p /v/${directory} && chmod 700 /v/${directory} && chown -R 1000:1000 /v`;
  const result = await output("busybox", {
    cmd: ["sh", "-c", prepare],
    user: "0:0",
    capAdd: ["CHOWN", "DAC_OVERRIDE", "FOWNER"],
    volumes: { [made]: "/v" },
  });
  expect(result).toEqual({ code: 0, said: "" });
  return made;
}

describe("every image", () => {
  it("says what it is", async () => {
    const found = await imagesInEngine(docker, names.map(localImage));
    for (const name of names) {
      const image = found.get(localImage(name));
      expect(image, name).toMatchObject({ source: "built", standIn: undefined });
      expect(`${image?.version}.`, name).toContain(`${versions[name]}.`);
    }
  });

  it.each<[ImageName, string[], RegExp]>([
    ["busybox", ["busybox"], /^BusyBox v1\.35\./],
    ["redis", ["redis-server", "--version"], /^Redis server v=7\.0\./],
    ["redis", ["redis-cli", "--version"], /^redis-cli 7\.0\./],
    ["caddy", ["caddy", "version"], /^v2\.11\.9$/m],
    ["consul", ["version"], /^Consul v1\.15\.4$/m],
    ["postgres", ["postgres", "--version"], /^postgres \(PostgreSQL\) 15\./],
    ["postgres", ["psql", "--version"], /^psql \(PostgreSQL\) 15\./],
    ["postgres", ["pg_dump", "--version"], /^pg_dump \(PostgreSQL\) 15\./],
  ])("%s runs %j hardened", async (name, cmd, expected) => {
    const env = ["CONSUL_DISABLE_PERM_MGMT=1"];
    const { code, said } = await output(name, { cmd, env, capAdd: name === "caddy" ? ["NET_BIND_SERVICE"] : [] });
    expect(said).toMatch(expected);
    expect(code).toBe(0);
  });

  it.each(names)("%s holds every library that its programs ask for", async (name) => {
    const loader = "/lib64/ld-linux-x86-64.so.2";
    const script = `exec 2>/dev/null
      [ -e ${loader} ] || exit 0
      for file in $(find /usr /app -type f \\( -perm -100 -o -name '*.so*' \\) 2>/dev/null); do
        { ${loader} --list "$file"; } 2>&1 | grep 'cannot open shared object file' | sed "s#^#$file: #"
      done`;
    expect(await output(name, { entrypoint: ["sh"], cmd: ["-c", script] })).toMatchObject({ said: "" });
  });

  it.each(names)("%s ships the licence texts of what is in it", async (name) => {
    const { said } = await output(name, {
      entrypoint: ["sh"],
      cmd: ["-c", "ls /usr/share/doc/*/copyright /usr/share/doc/*/LICENSE"],
    });
    expect(said).toContain("/usr/share/doc/busybox-static/copyright");
    if (name === "caddy" || name === "consul") expect(said).toContain(`/usr/share/doc/${name}/LICENSE`);
  });
});

describe("busybox", () => {
  it("has what the preparing tasks use", async () => {
    const tools = [
      "sh",
      "chown",
      "chmod",
      "find",
      "stat",
      "sleep",
      "sha256sum",
      "mkdir",
      "ls",
      "cat",
      "grep",
      "sed",
      "cp",
      "mv",
      "wc",
      "id",
      "mktemp",
      "ln",
      "od",
      "nc",
      "wget",
      "timeout",
    ];
    const { said } = await output("busybox", {
      cmd: ["sh", "-c", `for t in ${tools.join(" ")}; do command -v $t >/dev/null || echo $t; done`],
    });
    expect(said).toBe("");
  });
});

describe("redis", () => {
  it("keeps its data in /data and writes it on SIGTERM", async () => {
    const run: Run = {
      cmd: ["redis-server", "--save", "3600 1"],
      volumes: { [await volume("redis", ".keep")]: "/data" },
    };
    const first = await start("redis", run);
    await healthy(first, "redis-cli", "-h", "127.0.0.1", "ping");
    await exec(first, "redis-cli", "set", "key", "value");
    expect((await stop(first)).exit).toBe(0);
    const second = await start("redis", run);
    await healthy(second, "redis-cli", "ping");
    expect((await exec(second, "redis-cli", "get", "key")).said.trim()).toBe("value");
  });

  it("as root becomes the redis user", async () => {
    const container = await start("redis", { user: "0:0", writable: true, capAdd: ["SETUID", "SETGID", "CHOWN"] });
    await healthy(container, "redis-cli", "ping");
    const { said } = await exec(container, "grep", "-E", "^(Uid|Gid)", "/proc/1/status");
    expect(said.replaceAll(/\s+/g, " ")).toBe("Uid: 999 999 999 999 Gid: 1000 1000 1000 1000 ");
  });
});

describe("caddy", () => {
  it("cannot be started without NET_BIND_SERVICE, as the official image", async () => {
    const { code, said } = await output("caddy", { cmd: ["caddy", "version"] });
    expect(said).toContain("operation not permitted");
    expect(code).not.toBe(0);
  });

  it("serves, answers a health check with its own wget, and stops on SIGTERM", async () => {
    const container = await start("caddy", {
      capAdd: ["NET_BIND_SERVICE"],
      tmpfs: { "/config": "", "/data/caddy": "" },
    });
    expect(await healthy(container, "wget", "-qO-", "http://127.0.0.1/")).toContain("Caddy runs");
    expect((await exec(container, "grep", "CapEff", "/proc/1/status")).said).toMatch(/\t0{16}\n/);
    const { exit, milliseconds } = await stop(container);
    expect(exit).toBe(0);
    expect(milliseconds).toBeLessThan(5000);
  });
});

describe("consul", () => {
  it("elects itself, serves its web UI and keeps its data", async () => {
    const cmd = ["agent", "-server", "-bootstrap-expect=1", "-bind=127.0.0.1", "-ui"];
    const env = ["CONSUL_DISABLE_PERM_MGMT=1", "CHECKPOINT_DISABLE=1"];
    const run: Run = { cmd, env, volumes: { [await volume("consul", ".keep")]: "/consul/data" } };
    const first = await start("consul", run);
    const leader = ["sh", "-c", "wget -qO- http://127.0.0.1:8500/v1/status/leader | grep :8300"];
    await healthy(first, ...leader);
    expect((await exec(first, "wget", "-qO-", "http://127.0.0.1:8500/ui/")).said).toContain(
      "<title>Consul by HashiCorp</title>",
    );
    await healthy(first, "consul", "kv", "put", "key", "value");
    expect((await exec(first, "sh", "-c", "cat /proc/1/comm; ls -ld /consul/data")).said).toMatch(/^docker-entrypoi\n/);
    expect((await stop(first)).milliseconds).toBeLessThan(10_000);
    const second = await start("consul", run);
    await healthy(second, ...leader);
    expect((await exec(second, "consul", "kv", "get", "key")).said.trim()).toBe("value");
  });
});

describe("postgres", () => {
  it("makes its cluster as any uid, with a password from a file, and keeps it", async () => {
    const data = await volume("postgres", "pgdata");
    const secrets = await volume("secrets", "in");
    const write = [
      "sh",
      "-c",
      "printf 'Tr0ub4dor' >/v/in/password; printf 'CREATE TABLE made (x int);' >/v/in/made.sql; chmod 0400 /v/in/*",
    ];
    expect((await output("busybox", { cmd: write, volumes: { [secrets]: "/v" } })).code).toBe(0);
    const run: Run = {
      env: [
        "PGDATA=/var/lib/postgresql/data/pgdata",
        "POSTGRES_PASSWORD_FILE=/secrets/in/password",
        "POSTGRES_DB=vikunja",
        "POSTGRES_INITDB_ARGS=--auth-local=scram-sha-256 --auth-host=scram-sha-256 --data-checksums",
      ],
      volumes: { [data]: "/var/lib/postgresql/data", [secrets]: "/secrets" },
      tmpfs: { "/var/run/postgresql": "mode=1777", "/tmp": "mode=1777", "/docker-entrypoint-initdb.d": "mode=0755" },
    };
    const ready = ["pg_isready", "-q", "-h", "127.0.0.1", "-U", "postgres"];
    const query = (container: Dockerode.Container, password: string, sql: string) =>
      exec(container, "sh", "-c", `PGPASSWORD=${password} psql -h 127.0.0.1 -U postgres -Atc "${sql}" vikunja`);

    const first = await start("postgres", run);
    await healthy(first, ...ready);
    expect((await query(first, "wrong", "select 1")).said).toContain("password authentication failed");
    const settings =
      "select current_setting('data_checksums'), pg_encoding_to_char(encoding), datcollate from pg_database where datname = 'vikunja'";
    expect((await query(first, "Tr0ub4dor", settings)).said).toBe("on|UTF8|C.UTF-8\n");
    expect((await query(first, "Tr0ub4dor", "select now() at time zone 'Europe/Berlin' is not null")).said).toBe("t\n");
    expect((await query(first, "Tr0ub4dor", "create table kept as select 42 as answer")).said).toBe("SELECT 1\n");
    expect((await exec(first, "sh", "-c", "tr '\\0' '\\n' </proc/1/environ | grep -c Tr0ub4dor")).said.trim()).toBe(
      "0",
    );
    expect((await stop(first)).exit).toBe(0);
    expect(await logs(first)).toContain("received fast shutdown request");

    const second = await start("postgres", run);
    await healthy(second, ...ready);
    expect((await query(second, "Tr0ub4dor", "select answer from kept")).said).toBe("42\n");
  });

  it("needs a password", async () => {
    const run: Run = { tmpfs: { "/var/lib/postgresql/data": "", "/tmp": "" } };
    const { code, said } = await output("postgres", run);
    expect(said).toContain("POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE is needed");
    expect(code).toBe(1);
  });
});
