// Databases of apps in the stack's Postgres, on a real engine: they come and go beside Vikunja, and nothing restarts.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureImages } from "../../../airgap/images/index.ts";
import { localImage } from "../../../airgap/images/names.ts";
import { logOf, services } from "../../support/data.ts";
import { eventually } from "../../support/neighbour.ts";
import { reference } from "../../support/reference.ts";
import { TestStack } from "../../support/stack.ts";

const prefix = "e2e-dbs";
/** Has psql. */
const image = "localhost/xnai-test/psql:latest";
let stack: TestStack;

/** Answers when it reaches its database. */
const app = (more: object = {}): object => ({
  image,
  entrypoint: ["sh", "-c"],
  command: ["trap exit TERM; while :; do sleep 0.1; done"],
  env: { DATABASE_URL: reference("database.url"), PGHOST: reference("database.host") },
  health: { command: ["sh", "-c", 'psql "$DATABASE_URL" -c "SELECT 1"'] },
  writable: ["/var/lib/postgresql/data"],
  limits: { memoryMiB: 64 },
  ...more,
});
let rag = app({ database: { name: "rag_store", extensions: ["pg_trgm"] } });
const chat = app({ needs: ["rag"] });

beforeAll(async () => {
  stack = await TestStack.create(prefix, { services: services("postgres", "vikunja") });
  await ensureImages({ docker: stack.docker, names: ["postgres"] });
  await stack.docker.getImage(localImage("postgres")).tag({ repo: "localhost/xnai-test/psql", tag: "latest" });
  await stack.mustUp();
});
afterAll(async () => stack?.close());

const idOf = async (name: string) => (await stack.container(name).inspect()).Id;

/** Applies it, and says which containers of those that were there are others now. */
async function restarted(changes: Record<string, unknown>, watched: string[] = []): Promise<string[]> {
  const names = ["vikunja_db", "vikunja", ...watched];
  const started = async (name: string) => {
    const { Id, State } = await stack.container(name).inspect();
    return `${Id} ${State.StartedAt}`;
  };
  const before = await Promise.all(names.map(started));
  await stack.configure(changes);
  await stack.mustUp();
  const after = await Promise.all(names.map(started));
  return names.filter((_, index) => before[index] !== after[index]);
}

/** Where an app was told that its database is: in its first process, and nowhere else. */
async function urlOf(name: string): Promise<string> {
  const { stdout } = await stack.exec(name, ["cat", "/proc/1/environ"]);
  return /DATABASE_URL=([^\0]+)/.exec(stdout)?.[1] ?? "";
}

/** SQL from the container of an app. */
const from = (name: string, url: string, sql: string) =>
  stack.exec(name, ["psql", "-w", "-X", "-At", "-v", "ON_ERROR_STOP=1", "-c", sql, url]);
const at = (url: string, database: string) => url.replace(/[^/]*$/, database);
async function answer(name: string, sql: string): Promise<string> {
  const { exitCode, stdout, all } = await from(name, await urlOf(name), sql);
  expect(exitCode, all).toBe(0);
  return stdout.trim();
}
/** SQL from inside the server, as the superuser. */
const inside = async (sql: string) =>
  (await stack.exec("vikunja_db", ["psql", "-w", "-At", "-U", "postgres", "-d", "postgres", "-c", sql])).stdout.trim();

describe("apps with a database each", () => {
  it("come without a restart of Postgres or Vikunja, the first one too", async () => {
    expect(await restarted({ apps: { rag } })).toEqual([]);
    expect(await restarted({ apps: { rag, chat } }, ["rag"])).toEqual([]);
    expect(await answer("rag", "SELECT current_user, current_database()")).toBe("rag_store|rag_store");
    expect(await answer("chat", "SELECT current_user, current_database()")).toBe("chat|chat");
    expect(await answer("rag", "SELECT 'words' % 'word'")).toBe("t");
    expect(await answer("chat", "CREATE TABLE kept AS SELECT 7 AS i; SELECT i FROM kept")).toBe("SELECT 1\n7");
  });

  it("leave nothing to do, also after a look at the engine", async () => {
    const { exitCode, all } = await stack.up("--expect-no-changes", "--refresh");
    expect(exitCode, all).toBe(0);
  });

  it("reach their own, and nothing else", async () => {
    const url = await urlOf("rag");
    for (const database of ["vikunja", "chat", "postgres", "template1"])
      expect((await from("rag", at(url, database), "SELECT 1")).stderr, database).toContain("no pg_hba.conf entry");
    expect((await from("rag", url.replace(/:[^:@]*@/, ":wrong@"), "SELECT 1")).stderr).toContain(
      "password authentication failed",
    );
    for (const [sql, refusal] of [
      ["CREATE ROLE more", "permission denied to create role"],
      ["CREATE DATABASE more", "permission denied to create database"],
      ["ALTER ROLE rag_store CONNECTION LIMIT 100", "permission denied"],
      ["COMMENT ON ROLE rag_store IS 'xnai app chat'", "must have CREATEROLE privilege"],
      ["SET temp_file_limit = -1", "permission denied to set parameter"],
      ["SELECT rolpassword FROM pg_authid", "permission denied for table pg_authid"],
      ["COPY (SELECT 1) TO PROGRAM 'id'", "to COPY to or from an external program"],
      ["SELECT pg_read_file('/run/xnai/pgpass')", "permission denied for function pg_read_file"],
    ] as const)
      expect((await from("rag", url, sql)).stderr, sql).toContain(refusal);
    expect(await inside("SELECT has_database_privilege('rag_store', 'postgres', 'CONNECT')")).toBe("f");
  });

  it("do not see Vikunja, by name or by address", async () => {
    const { Networks } = (await stack.container("vikunja").inspect()).NetworkSettings;
    const busybox = "/run/xnai/busybox";
    const reached = async (place: string, port: string) =>
      (await stack.exec("rag", [busybox, "nc", "-w", "1", place, port, "-e", busybox, "true"])).exitCode === 0;
    expect(await reached("postgres", "5432")).toBe(true);
    for (const place of ["vikunja", ...Object.values(Networks).map(({ IPAddress }) => IPAddress)])
      expect(await reached(place, "3456"), place).toBe(false);
    const { Networks: own } = (await stack.container("rag").inspect()).NetworkSettings;
    expect(Object.keys(own).toSorted()).toEqual([`${prefix}_databases`, `${prefix}_network`]);
    expect((await stack.docker.getNetwork(`${prefix}_databases`).inspect()).Internal).toBe(true);
  });

  it("keep their passwords to themselves", async () => {
    const password = /:([^:@]+)@/.exec(await urlOf("rag"))?.[1] as string;
    expect(password).toMatch(/^[A-Za-z0-9]{32}$/);
    const verifier = await inside("SELECT rolpassword FROM pg_authid WHERE rolname = 'rag_store'");
    expect(verifier).toMatch(/^SCRAM-SHA-256\$/);
    const places = [
      JSON.stringify(await Promise.all(["rag", "vikunja_db"].map((name) => stack.container(name).inspect()))),
      await logOf(stack.container("vikunja_db")),
      await readFile(join(stack.folder, ".xnai/.pulumi/stacks/xnai/dev.json"), "utf8"),
    ];
    for (const place of places) for (const secret of [password, verifier]) expect(place).not.toContain(secret);
  });

  it("cannot take Vikunja's connections", async () => {
    const open = `i=0; while [ $i -lt 40 ]; do psql -w -X -c "SELECT pg_sleep(8)" "$0" >/tmp/out.$i 2>&1 & i=$((i+1)); done; wait; grep -l "too many connections" /tmp/out.* | wc -l`;
    const flood = stack.exec("rag", ["sh", "-c", open, await urlOf("rag")]);
    const held = await eventually(
      20,
      () => inside("SELECT count(*) FROM pg_stat_activity WHERE usename = 'rag_store'"),
      (count) => Number(count) >= 4,
    );
    expect(held).toBe("4");
    expect(await answer("chat", "SELECT 1")).toBe("1");
    await stack.answers(20);
    expect(Number((await flood).stdout)).toBeGreaterThanOrEqual(30);
  });
});

const mayLogIn =
  "SELECT rolname || ' ' || left(rolcanlogin::text, 1) FROM pg_roles WHERE rolname IN ('chat', 'rag_store') ORDER BY 1";

describe("what happens to them", () => {
  it("a renewed password restarts the app whose it is, behind a migration of its database", async () => {
    const before = await urlOf("rag");
    rag = { ...rag, rotation: 1 };
    const migrate = app({
      command: ['psql -v ON_ERROR_STOP=1 "$DATABASE_URL" -c "CREATE TABLE migrated AS SELECT current_user AS who"'],
      task: true,
      health: undefined,
      database: { of: "rag" },
    });
    const apps = { rag: { ...rag, needs: ["migrate"] }, chat, migrate };
    expect(await restarted({ apps }, ["rag", "chat"])).toEqual(["rag"]);
    expect(await answer("rag", "SELECT who FROM migrated")).toBe("rag_store");
    expect(await inside("SELECT count(*) FROM pg_roles WHERE rolname = 'migrate'")).toBe("0");
    expect(await urlOf("rag")).not.toBe(before);
    expect((await from("rag", before, "SELECT 1")).stderr).toContain("password authentication failed");
  });

  it("one that is taken away is kept and closed", async () => {
    const url = await urlOf("chat");
    expect(await restarted({ apps: { rag } }, ["rag"])).toEqual([]);
    expect((await from("rag", url, "SELECT 1")).stderr).toContain("no pg_hba.conf entry");
    expect(await inside(mayLogIn)).toBe("chat f\nrag_store t");
    const { stderr } = await stack.xnai(["status"]);
    expect(stderr).toContain("unused: data of chat, which no app has any more, in the database chat.");
  });

  it("is not given to another app, and neither is an extension that the image lacks: both are named, nobody else is touched", async () => {
    const other = app({ database: { name: "chat" } });
    const graph = app({ database: { extensions: ["vector"] } });
    await stack.configure({ apps: { rag, other, graph } });
    const { exitCode, all } = await stack.up();
    expect(exitCode, all).toBe(1);
    expect(all).toContain("the role chat belongs to xnai app chat: choose another xnai:apps.other.database.name");
    expect(all).toContain(
      "xnai:apps.graph.database.extensions names vector, which the image of Postgres does not have",
    );
    expect(all).toContain("xnai:images.refs.postgres");
    expect(await answer("rag", "SELECT 1")).toBe("1");
    expect(await inside("SELECT count(*) FROM pg_roles WHERE rolname = 'graph'")).toBe("0");
  });

  it("is there when its app comes back, and in use then", async () => {
    expect(await restarted({ apps: { rag, chat } }, ["rag"])).toEqual([]);
    expect(await answer("chat", "SELECT i FROM kept")).toBe("7");
    expect(await inside(mayLogIn)).toBe("chat t\nrag_store t");
    const refused = await stack.xnai(["destroy", "--data", "chat", "--yes"]);
    expect([refused.exitCode, refused.all]).toEqual([2, expect.stringContaining("its data is in use")]);
  });

  it("is deleted by its name and nothing else with it", async () => {
    expect(await restarted({ apps: { rag } }, ["rag"])).toEqual([]);
    const deleted = await stack.xnai(["destroy", "--data", "chat", "--yes"]);
    expect(deleted.exitCode, deleted.all).toBe(0);
    expect(await inside("SELECT string_agg(rolname, ' ' ORDER BY rolname) FROM pg_roles WHERE rolname !~ '^pg_'")).toBe(
      "postgres rag_store vikunja",
    );
    expect(await inside("SELECT count(*) FROM pg_database WHERE datname = 'chat'")).toBe("0");
  });

  it("Postgres that is made anew, or that somebody took off the network, is reached again by a running app", async () => {
    const app = await idOf("rag");
    await stack.configure({ resources: { postgres: { memoryMiB: 320 } } });
    await stack.mustUp();
    await eventually(
      20,
      () => answer("rag", "SELECT 1").catch(String),
      (text) => text === "1",
    );
    await stack.docker.getNetwork(`${prefix}_databases`).disconnect({ Container: `${prefix}_vikunja_db`, Force: true });
    const { stderr, exitCode } = await stack.xnai(["status"]);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining(`is not on ${prefix}_databases any more`)]);
    await stack.mustUp();
    expect(await answer("rag", "SELECT 1")).toBe("1");
    expect(await idOf("rag")).toBe(app);
  });

  it("the last one goes, and comes back, without a restart as well", async () => {
    expect(await restarted({ apps: {} })).toEqual([]);
    expect(await inside("SELECT count(*) FROM pg_hba_file_rules WHERE 'rag_store' = ANY (database)")).toBe("0");
    expect((await stack.up("--expect-no-changes")).exitCode).toBe(0);
    expect(await restarted({ apps: { rag } })).toEqual([]);
    expect(await answer("rag", "SELECT current_user")).toBe("rag_store");
  });

  it("destroy leaves no network behind", async () => {
    await stack.configure({ apps: {} });
    await stack.mustUp();
    const { exitCode, all } = await stack.xnai(["destroy", "--yes"]);
    expect(exitCode, all).toBe(0);
    const networks = await stack.docker.listNetworks();
    expect(networks.filter(({ Name }) => Name.startsWith(prefix))).toEqual([]);
  });
});
