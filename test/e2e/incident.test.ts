// The incident that started this project: data of one uid, a service that runs as another, "PermissionDenied" as it opens
// its log. Every case fails first as it did then, and is repaired with nothing lost.
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { killService, logOf, services } from "../support/data.ts";
import { eventually } from "../support/neighbour.ts";
import { QdrantClient } from "../support/qdrant.ts";
import { TestStack } from "../support/stack.ts";
import { VikunjaClient } from "../support/vikunja.ts";
import { Lab } from "./standin-lab.ts";

const prefix = "e2e-inc";
const ports = { caddy: 18800, redis: 18801, qdrant: 18803, grpc: 18804 };
const points = 2000;
let lab: Lab;
let stack: TestStack;

const exposure = {
  caddy: { port: ports.caddy },
  redis: { port: ports.redis },
  qdrant: { port: ports.qdrant, grpcPort: ports.grpc },
};
const qdrant = async (of: TestStack) =>
  new QdrantClient(`http://127.0.0.1:${ports.qdrant}`, (await of.outputs()).qdrantKey as string);

async function allPoints(client: QdrantClient): Promise<void> {
  await eventually(
    60,
    () => client.count("docs"),
    (count) => count === points,
  );
  for (const number of [0, 77, points - 1]) expect(await client.nearest("docs", number)).toBe(number);
}

/** The container after it was killed and has failed to start again at least once. */
async function failing(of: TestStack, suffix: string) {
  const before = (await of.container(suffix).inspect()).RestartCount;
  await killService(of.container(suffix));
  return eventually(
    60,
    () => of.container(suffix).inspect(),
    ({ RestartCount, State }) => RestartCount >= before + 2 && State.ExitCode !== 137 && State.ExitCode !== 0,
  );
}

beforeAll(async () => {
  lab = await Lab.with("busybox");
  stack = await TestStack.create(prefix, {
    services: services("caddy", "redis", "vikunja", "postgres", "qdrant"),
    exposure,
  });
  await stack.mustUp();
  const client = await qdrant(stack);
  await client.create("docs");
  await client.fill("docs", 0, points);
});
afterAll(async () => {
  await lab?.clean();
  await stack?.close();
});

describe("Qdrant's data in the hands of another uid", () => {
  const [storage, snapshots] = [`${prefix}_qdrant_storage`, `${prefix}_qdrant_snapshots`];

  it.each([
    [
      "everything",
      "chown -R 1001:1001 .",
      "chown -R 1001:1001 .; mkdir -p tmp; chown 1001:1001 tmp; chmod 0755 . tmp",
      1,
      /PermissionDenied/,
    ],
    ["storage", "chown -R 1001:1001 .; chmod 0755 .", undefined, 101, /Wal error.*PermissionDenied/s],
    [
      "the write-ahead log",
      "find . -path '*/wal/*' -exec chown 1001:1001 {} +",
      undefined,
      101,
      /Wal error.*PermissionDenied/s,
    ],
    [
      "the segments",
      "find . -path '*/segments/*' -exec chown 1001:1001 {} +",
      undefined,
      101,
      /Permission denied|PermissionDenied/,
    ],
    ["everything, as root", "chown -R 0:0 .; chmod 0755 .", undefined, 101, /PermissionDenied/],
    ["everything, closed to others", "chown -R 1001:1001 .; chmod -R go-rwx .", undefined, 1, /Permission ?[Dd]enied/],
  ] as const)(
    "%s: dies as it did then, and --repair brings every vector back",
    async (_, onStorage, onSnapshots, code, said) => {
      await lab.arrange(storage, onStorage);
      if (onSnapshots) await lab.arrange(snapshots, onSnapshots);
      const { State } = await failing(stack, "qdrant");
      expect(State.ExitCode).toBe(code);
      expect(await logOf(stack.container("qdrant"))).toMatch(said);
      expect((await stack.xnai(["status"])).exitCode).toBe(1);

      const repaired = await stack.mustUp("--repair", "qdrant");
      expect(repaired.all).toMatch(
        new RegExp(`volume ${storage}: \\d+ of \\d+ entries given to 1000:1000 \\(were: (1001:1001|0:0)\\)`),
      );
      await allPoints(await qdrant(stack));
      expect(await lab.arrange(storage, "find . ! -user 1000")).toBe("");
    },
  );

  it("a new owner in the configuration needs no more than an up, both ways", async () => {
    for (const [uid, was] of [
      [1001, "1000:1000"],
      [1000, "1001:1001"],
    ] as const) {
      await stack.configure({ owners: { qdrant: { uid, gid: uid } } });
      const changed = await stack.mustUp();
      expect(changed.all).toMatch(
        new RegExp(`volume ${storage}: \\d+ of \\d+ entries given to ${uid}:${uid} \\(were: ${was}\\)`),
      );
      expect((await stack.container("qdrant").inspect()).Config.User).toBe(`${uid}:${uid}`);
      await allPoints(await qdrant(stack));
    }
  });

  it("what is right is left alone, and nothing is said of it", async () => {
    const again = await stack.mustUp("--repair", "qdrant");
    expect(again.all).not.toContain("entries given");
    await allPoints(await qdrant(stack));
  });
});

describe("the other services' data in the hands of another uid", () => {
  it("Redis", async () => {
    const redis = (...command: string[]) =>
      stack.exec("redis", ["sh", "-c", `REDISCLI_AUTH=${password} redis-cli --no-auth-warning ${command.join(" ")}`]);
    const password = (await stack.outputs()).redisPassword as string;
    await redis("set", "kept", "yes");
    await lab.arrange(`${prefix}_redis_data`, "chown -R 1001:1001 .");
    await failing(stack, "redis");
    expect(await logOf(stack.container("redis"))).toContain("Permission denied");
    const repaired = await stack.mustUp("--repair", "redis");
    expect(repaired.all).toMatch(new RegExp(`volume ${prefix}_redis_data: \\d+ of \\d+ entries given to 1000:1000`));
    expect((await redis("get", "kept")).stdout).toContain("yes");
  });

  it("Postgres and Vikunja's files", async () => {
    const outputs = await stack.outputs();
    const user = new VikunjaClient(`http://127.0.0.1:${ports.caddy}/vikunja/api/v1`);
    expect(await user.login("xnai", outputs.vikunjaPassword as string)).toBe(200);
    const task = await user.task(await user.project("Kept"), "Kept");
    const attachment = await user.attach(task, new Uint8Array([1, 2, 3]));
    const kept = async () => {
      await eventually(
        60,
        async () => (await user.ask("GET", "/user")).status,
        (status) => status === 200 || status === 401,
      );
      expect(await user.login("xnai", outputs.vikunjaPassword as string)).toBe(200);
      expect(await user.must("GET", `/tasks/${task}`)).toMatchObject({ title: "Kept" });
      expect(await user.attached(task, attachment)).toEqual(Buffer.from([1, 2, 3]));
    };

    await lab.arrange(`${prefix}_vikunja_files`, "chown -R 1001:1001 .");
    const { State } = await failing(stack, "vikunja");
    expect(State.ExitCode).toBe(1);
    expect(await logOf(stack.container("vikunja"))).toContain("Could not init file handler: storage validation failed");
    const files = await stack.mustUp("--repair", "vikunja");
    expect(files.all).toMatch(new RegExp(`volume ${prefix}_vikunja_files: \\d+ of \\d+ entries given to 1000:1000`));
    await kept();

    await lab.arrange(`${prefix}_postgres_data`, "chown -R 1001:1001 pgdata");
    await failing(stack, "vikunja_db");
    const cluster = await stack.mustUp("--repair", "postgres");
    expect(cluster.all).toMatch(new RegExp(`volume ${prefix}_postgres_data: \\d+ of \\d+ entries given to 1000:1000`));
    await kept();
  });
});

describe("directories of the host", () => {
  let root: string;
  let old: TestStack | undefined;
  let now: TestStack | undefined;
  beforeAll(async () => {
    root = join(await mkdtemp(join(tmpdir(), "xnai-root-")), "data with a space");
    await stack.xnai(["destroy", "--yes"]);
  });
  afterAll(async () => {
    await execa("umount", [join(root, "qdrant", "snapshots")], { reject: false });
    await execa("chattr", ["-R", "-i", root], { reject: false });
    await old?.close().catch(() => undefined);
    await now?.close().catch(() => undefined);
    await rm(join(root, ".."), { recursive: true, force: true });
  });

  const hosted = (name: string, more: Record<string, unknown>) =>
    TestStack.create(name, { services: services("qdrant"), exposure, storage: { root }, ...more });

  it("are made with the right owner and mode, and hold what a stack of another owner left", async () => {
    old = await hosted("e2e-inc-old", { owner: { uid: 1001, gid: 1001 } });
    await old.mustUp();
    const made = await execa("stat", ["-c", "%u:%g %a", join(root, "qdrant", "storage")]);
    expect(made.stdout).toBe("1001:1001 700");
    const before = await qdrant(old);
    await before.create("docs");
    await before.fill("docs", 0, points);
    const key = before.key as string;
    await old.xnai(["destroy", "--yes"]);

    now = await hosted("e2e-inc-now", {});
    const adopted = await now.mustUp();
    expect(adopted.all).toMatch(
      new RegExp(`directory ${root}/qdrant/storage: \\d+ of \\d+ entries given to 1000:1000 \\(were: 1001:1001\\)`),
    );
    await allPoints(await qdrant(now));
    expect((await qdrant(now)).key).not.toBe(key);
  });

  it.each([
    [
      "cannot be changed",
      async () => {
        const file = join(root, "qdrant", "storage", "raft_state.json");
        await execa("chown", ["1001:1001", file]);
        await execa("chattr", ["+i", file]);
        return async () => void (await execa("chattr", ["-i", file]));
      },
      /directory \S.*\/qdrant\/storage: raft_state\.json belongs to 1001:1001 instead of 1000:1000, and its owner cannot be changed: .*Operation not permitted/,
    ],
    [
      "is on a read-only mount",
      async () => {
        const folder = join(root, "qdrant", "snapshots");
        await mkdir(join(folder, "tmp"), { recursive: true });
        await execa("chown", ["-R", "1001:1001", folder]);
        await execa("mount", ["--bind", folder, folder]);
        await execa("mount", ["-o", "remount,bind,ro", folder]);
        return async () => void (await execa("umount", [folder]));
      },
      /directory \S.*\/qdrant\/snapshots: .* belongs to 1001:1001 instead of 1000:1000, and its owner cannot be changed: .*Read-only file system/,
    ],
  ] as const)("one that %s is named, with the owner found and the owner wanted", async (_, arrange, message) => {
    const undo = await arrange();
    try {
      const refused = await (now as TestStack).up("--repair", "qdrant");
      expect(refused.exitCode).toBe(1);
      expect(refused.all).toMatch(message);
    } finally {
      await undo();
    }
    await (now as TestStack).mustUp();
    await allPoints(await qdrant(now as TestStack));
  });

  it("are emptied by destroy --data together with the passwords, but not while another stack uses them", async () => {
    const refused = await (old as TestStack).xnai(["destroy", "--yes", "--data"]);
    expect(refused.exitCode, refused.all).toBe(3);
    expect(refused.all).toContain(`e2e-inc-now_qdrant uses ${root}/qdrant/storage`);
    await allPoints(await qdrant(now as TestStack));
    const { exitCode, all } = await (now as TestStack).xnai(["destroy", "--yes", "--data"]);
    expect(exitCode, all).toBe(0);
    expect(all).toContain(`deleted: ${root}/qdrant/snapshots, ${root}/qdrant/storage`);
    expect((await execa("find", [root, "-type", "f"])).stdout).toBe("");
    const { stdout } = await (now as TestStack).pulumi(["stack", "export", "--stack", "dev"]);
    expect((JSON.parse(stdout) as { deployment: { resources?: unknown[] } }).deployment.resources ?? []).toEqual([]);
  });
});
