// Apps that are a task, a second Redis, or a site, and what apps have of the machine itself, on a real engine.
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { apps, appsStack, asking, obedient, shell, web, worker } from "../support/apps-stack.ts";
import { LiveRun } from "../support/live-run.ts";
import { eventually } from "../support/neighbour.ts";
import { reference } from "../support/reference.ts";
import type { TestStack } from "../support/stack.ts";

const prefix = "e2e-app-kinds";
const port = 18_940;
const door = `http://127.0.0.1:${port}`;

let stack: TestStack;
let { container, inside, ids, text, environment } = {} as ReturnType<typeof asking>;
beforeAll(async () => {
  stack = await appsStack(prefix, port);
  ({ container, inside, ids, text, environment } = asking(stack, port));
});
afterAll(async () => stack?.close());

describe("a task, a second Redis, and a site", () => {
  /** Counts its runs where it keeps its data, and fails or waits as long as a file there says so. */
  const script = [
    'echo "run as $NAME"; echo x >> /kept/runs',
    "while [ -e /kept/hold ]; do sleep 0.1; done",
    '[ ! -e /kept/fail ] || { echo "the column is there already" >&2; exit 3; }',
  ].join("\n");
  const task = (name: string) => ({
    image: shell,
    entrypoint: ["sh", "-c"],
    command: [script],
    task: true,
    env: { NAME: name, REDIS_URL: reference("redis.url") },
    data: { kept: "/kept" },
    limits: { memoryMiB: 32 },
  });
  const behind = { ...worker(obedient), env: { NAME: "behind" }, needs: ["migrate"] };
  const queue = { preset: "redis", maxMemoryMiB: 16 };
  const ofQueue = { ...worker(obedient), env: { NAME: "worker", QUEUE: reference("apps.queue.url") } };
  const docs = { site: "./site", route: { path: "/docs" } };
  const write = async (name: string, content: string) => {
    await mkdir(dirname(join(stack.folder, "site", name)), { recursive: true });
    await writeFile(join(stack.folder, "site", name), content);
  };
  let kept: string;
  const runs = async () => (await readFile(join(kept, "runs"), "utf8")).trim().split("\n").length;
  const set = (name: string, on: boolean) =>
    on ? writeFile(join(kept, name), "") : rm(join(kept, name), { force: true });
  const status = async () => {
    const { stdout, exitCode } = await stack.xnai(["status", "--json"]);
    const all = JSON.parse(stdout) as { service: string; ok: boolean }[];
    return { exitCode, task: all.find(({ service }) => service === "migrate"), all };
  };
  const left = async () => {
    const all = await stack.docker.listContainers({ all: true });
    return all.flatMap(({ Names }) => Names).filter((name) => name.startsWith(`/${prefix}_migrate`));
  };

  test("runs once to its end before what needs it, and leaves nothing", async () => {
    await write("index.html", "first");
    await write("sub/größe.html", "größe");
    await stack.configure({ apps: { ...apps, migrate: task("first"), behind, queue, worker: ofQueue, docs } });
    const before = await ids("caddy", "redis", "web");
    const { all } = await stack.mustUp();
    expect(await ids("caddy", "redis", "web")).toEqual(before);
    expect(all).toContain("migrate has run to its end. Its last lines:\n  run as first".split("\n")[0]);
    kept = (await stack.docker.getVolume(`${prefix}_migrate_kept`).inspect()).Mountpoint;
    expect([await runs(), await left()]).toEqual([1, []]);
    const ended = expect.stringMatching(/^20\d\d-\d\d-\d\dT/);
    expect(await status()).toMatchObject({ exitCode: 0, task: { state: "done", ok: true, ended } });
    const again = await stack.up("--expect-no-changes", "--refresh");
    expect(again.exitCode, again.all).toBe(0);
    expect(await runs()).toBe(1);
  });

  test("comes with a second Redis beside it, which evicts nothing", async () => {
    const { username, password, host } = new URL((await environment("worker")).QUEUE ?? "");
    expect([username, host]).toEqual(["default", "queue:6379"]);
    const asks = async (service: string, commands: string) => {
      const login = `redis-cli --pass '${password}' --no-auth-warning`;
      return (await stack.exec(service, ["sh", "-c", `${login} <<'EOF'\n${commands}\nEOF\n`])).all.trim();
    };
    expect(await asks("redis", "PING")).toContain("WRONGPASS");
    const fill = Array.from({ length: 20 }, (_, index) => `SETRANGE job:${index} 1048575 x`).join("\n");
    expect(await asks("queue", fill)).toContain("OOM command not allowed");
    expect(await asks("queue", "EXISTS job:0\nINFO stats")).toMatch(/^1\n[\s\S]*evicted_keys:0\r?\n/);
    expect((await container("queue")).Config.Image).toBe((await container("redis")).Config.Image);
  });

  test("comes with a site beside it, whose files change while everybody goes on", async () => {
    expect([await text("/docs/"), await text("/docs/sub/gr%C3%B6%C3%9Fe.html")]).toEqual(["first", "größe"]);
    expect((await fetch(`${door}/docs`, { redirect: "manual" })).headers.get("location")).toBe("/docs/");
    expect((await fetch(`${door}/docs/nothing`)).status).toBe(404);
    const before = await ids("caddy", "redis", "web", "behind");
    await write("index.html", "second");
    const { all } = await stack.mustUp();
    expect(all).toContain("docs: 2 files are where they are served");
    expect(await text("/docs/")).toBe("second");
    expect(await ids("caddy", "redis", "web", "behind")).toEqual(before);
    expect(await runs()).toBe(1);
    expect((await stack.up("--expect-no-changes")).exitCode).toBe(0);
  });

  test("that fails is named with its last lines, and only what needs it is left as it was", async () => {
    await set("fail", true);
    const before = await ids("caddy", "redis", "web", "behind");
    const changed = { ...behind, env: { NAME: "changed" } };
    await stack.configure({ apps: { ...apps, migrate: task("second"), behind: changed, late: worker(obedient) } });
    const { exitCode, all } = await stack.up();
    expect(exitCode, all).toBe(1);
    expect(all).toContain("migrate ended with exit code 3. Its last lines:");
    expect(all).toContain("the column is there already");
    expect(await ids("caddy", "redis", "web", "behind")).toEqual(before);
    expect((await container("late")).State.Running).toBe(true);
    expect(await status()).toMatchObject({ exitCode: 1, task: { state: "not done", ok: false } });
    await set("fail", false);
    await stack.mustUp();
    expect([await runs(), await left()]).toEqual([3, []]);
    expect((await container("behind")).Config.Env).toContain("NAME=changed");
    expect((await stack.up("--expect-no-changes")).exitCode).toBe(0);
  });

  test("of a run that was killed goes on to its end, and the next up clears up and runs it", async () => {
    await set("hold", true);
    await stack.configure({ apps: { ...apps, migrate: task("third") } });
    const run = new LiveRun(stack, ["up", "--yes", "--skip-preview"]);
    await eventually(60, left, (names) => names.includes(`/${prefix}_migrate_setup`));
    run.killAll();
    await run.ended();
    await set("hold", false);
    const { all } = await stack.mustUp("--skip-preview");
    expect(all).toContain(`${prefix}_migrate_setup, left behind by an interrupted run, is removed`);
    expect([await runs(), await left()]).toEqual([5, []]);
    await stack.configure({ apps });
    await stack.mustUp();
  });
});

describe("what it has of the machine itself", () => {
  let folder: string;
  /** Not below /tmp, which is its own in the container. */
  const device = `/dev/xnai-test-${process.pid}`;
  const server = createServer((_, answer) => answer.end("from the machine"));
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "xnai-machine-"));
  });
  afterAll(async () => {
    server.close();
    await rm(folder, { recursive: true });
    await rm(device, { force: true });
  });

  /** A directory with a file, which belong to somebody else. */
  async function place(name: string): Promise<string> {
    const made = join(folder, name);
    await mkdir(made, { mode: 0o700 });
    await writeFile(join(made, "model"), "weights", { mode: 0o600 });
    await execa("chown", ["-R", "4242:4242", made]);
    return made;
  }
  const ownerOf = async (path: string) => (await stat(path)).uid;

  test("a service that listens there, a directory that it is given, and a word on what it does not get at", async () => {
    const { stdout } = await execa("ip", ["-4", "-brief", "address", "show", "docker0"]);
    const [, address = ""] = /([\d.]+)\/\d+/.exec(stdout) ?? [];
    await new Promise<void>((done) => server.listen(0, address, done));
    const { port: open } = server.address() as AddressInfo;
    const [own, closed] = await Promise.all(["own", "closed"].map(place));
    const mounts = [
      { host: own, path: "/own", own: true, readOnly: false },
      { host: closed, path: "/closed" },
    ];
    await stack.configure({ apps: { ...apps, web: { ...web, host: [open, 9], mounts } } });
    const { all } = await stack.mustUp();
    expect(all).toMatch(/directory \S+\/own: 2 of 2 entries given to 1000:1000 \(were: 4242:4242/);
    expect(all).toContain(
      `nothing answers at port 9 of host.docker.internal (apps.web.host). Let the service listen at ${address}`,
    );
    expect(all).toContain(`its user 1000:1000 cannot read ${closed}, which it sees as /closed`);
    expect(await ownerOf(join(own as string, "model"))).toBe(1000);
    expect(await ownerOf(join(closed as string, "model"))).toBe(4242);
    const asked = (name: string, host: string) => inside(name, "wget", "-q", "-O", "-", `http://${host}:${open}/`);
    expect((await asked("web", "host.docker.internal")).stdout).toBe("from the machine");
    expect((await asked("work", "host.docker.internal")).exitCode).not.toBe(0);
    expect((await inside("web", "cat", "/own/model")).stdout).toBe("weights");
  });

  test("a device, when a policy allows it", async () => {
    await execa("mknod", ["--mode=666", device, "c", "1", "5"]);
    await stack.configure({ apps: { ...apps, web: { ...web, host: [9], devices: [device] } } });
    const refused = await stack.up();
    expect(refused.exitCode, refused.all).toBe(5);
    expect(refused.all).toContain("no-devices");
    await stack.configure({ policy: { "no-devices": { containers: [`${prefix}_web`] } } });
    await stack.mustUp();
    expect((await inside("web", "head", "-c", "3", device)).stdout).toBe("\0\0\0");
    const quiet = await stack.up("--refresh", "--expect-no-changes");
    expect(quiet.exitCode, quiet.all).toBe(0);
    await stack.configure({ apps, policy: undefined });
    await stack.mustUp();
    expect(await readFile(join(folder, "own", "model"), "utf8")).toBe("weights");
  });
});
