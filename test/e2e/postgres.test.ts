// Postgres as the stack runs it: passwords everywhere, a role that owns one database, and nothing lost by rotation or crash.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { killService, services } from "../support/data.ts";
import { eventually, removeNeighbour, startNeighbour } from "../support/neighbour.ts";
import { type Ran, TestStack } from "../support/stack.ts";
import { Lab } from "./standin-lab.ts";

const prefix = "e2e-pg";
const volume = `${prefix}_postgres_data`;
let stack: TestStack;
let lab: Lab;

beforeAll(async () => {
  lab = await Lab.with("busybox", "postgres");
  stack = await TestStack.create(prefix, { services: services("postgres") });
  await stack.mustUp();
});
afterAll(async () => {
  await removeNeighbour(stack.docker, `${prefix}_client`);
  await lab?.clean();
  await stack?.close();
});

/** psql inside the server's container; the superuser's password file is the container's own. */
const psql = (sql: string, args: string[] = ["-U", "postgres"], db = "vikunja") =>
  stack.exec("vikunja_db", ["psql", "-w", "-At", "-v", "ON_ERROR_STOP=1", "-d", db, ...args, "-c", sql]);
async function ask(sql: string, db?: string) {
  const { exitCode, stdout, all } = await psql(sql, undefined, db);
  expect(exitCode, all).toBe(0);
  return stdout.trim();
}
async function password(name: string) {
  const { stdout } = await stack.pulumi(["stack", "export", "--stack", "dev", "--show-secrets"]);
  const found = (
    JSON.parse(stdout).deployment.resources as { urn: string; outputs?: { result: { plaintext: string } } }[]
  ).find(({ urn }) => urn.endsWith(`::${name}`));
  return JSON.parse(found?.outputs?.result.plaintext ?? "null") as string;
}

/** A client in another container on the database's network, as Vikunja is. */
async function fromNetwork(user: string, secret: string, sql = "SELECT current_user", db = "vikunja"): Promise<Ran> {
  const container = await startNeighbour(stack.docker, {
    name: `${prefix}_client`,
    image: (await stack.container("vikunja_db").inspect()).Config.Image,
    network: `${prefix}_db`,
    entrypoint: ["sh", "-c", "sleep 600"],
    files: { "/tmp/pgpass": `postgres:5432:*:${user}:${secret}\n` },
  });
  try {
    return await stack.exec("client", [
      "sh",
      "-c",
      // Not PGPASSFILE as it is: anybody may read it, and libpq refuses such a file.
      `cp /tmp/pgpass /tmp/own && chmod 0400 /tmp/own && PGPASSFILE=/tmp/own psql -w -At -h postgres -U ${user} -d ${db} -c "${sql}"`,
    ]);
  } finally {
    await container.remove({ force: true });
  }
}

describe("who may come in", () => {
  it("nobody without a password: not over the socket, not over loopback, not from the network", async () => {
    const without = (args: string[]) =>
      stack.exec("vikunja_db", ["sh", "-c", `PGPASSFILE=/nothing psql -w -d vikunja ${args.join(" ")} -c 'SELECT 1'`]);
    for (const user of ["postgres", "vikunja"])
      for (const host of ["/var/run/postgresql", "127.0.0.1", "localhost"]) {
        const { exitCode, stderr } = await without(["-h", host, "-U", user]);
        expect(exitCode, `${user} at ${host}`).toBe(2);
        expect(stderr).toContain("fe_sendauth: no password supplied");
      }
  });

  it("old default passwords and empty ones open nothing", async () => {
    for (const guess of ["vikunja123", "changeme123", "changeme_jwt", "vikunja", "postgres", ""])
      for (const user of ["vikunja", "postgres"]) {
        const { exitCode, stdout } = await stack.exec("vikunja_db", [
          "sh",
          "-c",
          `PGPASSFILE=/nothing PGPASSWORD='${guess}' psql -w -h 127.0.0.1 -U ${user} -d vikunja -c 'SELECT 1'`,
        ]);
        expect([exitCode, stdout], `${user} with ${guess}`).toEqual([2, ""]);
      }
  });

  it("from the network Vikunja's role into Vikunja's database, and nobody else", async () => {
    const [vikunja, superuser] = [await password("vikunjaDatabasePassword"), await password("postgresPassword")];
    expect((await fromNetwork("vikunja", vikunja)).stdout).toBe("vikunja");
    expect((await fromNetwork("postgres", superuser)).stderr).toContain("no pg_hba.conf entry");
    expect((await fromNetwork("vikunja", vikunja, "SELECT 1", "postgres")).stderr).toContain("no pg_hba.conf entry");
  });

  it("passwords are stored as scram verifiers, and stand in no log", async () => {
    expect(
      await ask("SELECT count(*) FROM pg_authid WHERE rolcanlogin AND rolpassword NOT LIKE 'SCRAM-SHA-256$%'"),
    ).toBe("0");
    const secrets = [await password("vikunjaDatabasePassword"), await password("postgresPassword")];
    const log = String(await stack.container("vikunja_db").logs({ stdout: true, stderr: true }));
    const inspected = JSON.stringify(await stack.container("vikunja_db").inspect());
    for (const secret of secrets) expect((log + inspected).includes(secret)).toBe(false);
    const { stdout } = await stack.exec("vikunja_db", ["sh", "-c", "cat /proc/1/environ"]);
    for (const secret of secrets) expect(stdout.includes(secret)).toBe(false);
  });

  it("it is published nowhere", async () => {
    const { NetworkSettings, HostConfig } = await stack.container("vikunja_db").inspect();
    expect(HostConfig.PortBindings ?? {}).toEqual({});
    expect(Object.keys(NetworkSettings.Networks)).toEqual([`${prefix}_db`]);
  });
});

describe("what is there", () => {
  it("a role that owns Vikunja's database and may do nothing else", async () => {
    expect(
      await ask(
        "SELECT rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls FROM pg_roles WHERE rolname = 'vikunja'",
      ),
    ).toBe("f|f|f|f|f");
    expect(await ask("SELECT datname FROM pg_database WHERE pg_get_userbyid(datdba) = 'vikunja'")).toBe("vikunja");
    expect(await ask("SELECT has_database_privilege('public', 'vikunja', 'CONNECT')")).toBe("f");
    const vikunja = await password("vikunjaDatabasePassword");
    for (const [sql, refusal] of [
      ["CREATE DATABASE more", "permission denied to create database"],
      ["CREATE ROLE more", "permission denied to create role"],
      ["SELECT rolpassword FROM pg_authid", "permission denied for table pg_authid"],
      ["COPY (SELECT 1) TO PROGRAM 'id'", "to COPY to or from an external program"],
    ] as const)
      expect((await fromNetwork("vikunja", vikunja, sql)).stderr, sql).toContain(refusal);
    expect((await fromNetwork("vikunja", vikunja, "CREATE TABLE mine (i int); DROP TABLE mine")).exitCode).toBe(0);
  });

  it("checksums, and settings that follow from the container's memory", async () => {
    expect(await ask("SHOW data_checksums")).toBe("on");
    expect(await ask("SHOW shared_buffers")).toBe("64MB");
    expect(await ask("SHOW max_connections")).toBe("32");
    expect(await ask("SELECT datcollate FROM pg_database WHERE datname = 'vikunja'")).toBe("C.UTF-8");
  });

  it("one cluster, which nobody else can open while it is in use", async () => {
    const started = await lab.run({
      image: "postgres",
      entrypoint: (await stack.container("vikunja_db").inspect()).Config.Entrypoint as string[],
      volumes: [`${volume}:/var/lib/postgresql/data`, `${prefix}_postgres_config:/run/xnai:ro`],
      tmpfs: { "/tmp": "", "/var/run/postgresql": "mode=1777" },
    });
    expect(started).toMatchObject({ code: 1, log: expect.stringContaining("in use by another container") });
    expect(await ask("SELECT 1")).toBe("1");
  });
});

describe("what happens to it", () => {
  it("both passwords are renewed, the rows stay, the old ones are refused", async () => {
    await ask("CREATE TABLE kept (i int); INSERT INTO kept SELECT generate_series(1, 1000)");
    const [vikunja, superuser] = [await password("vikunjaDatabasePassword"), await password("postgresPassword")];
    await stack.configure({ rotate: { vikunjaDatabasePassword: 1, postgresPassword: 1 } });
    await stack.mustUp();
    expect((await fromNetwork("vikunja", vikunja)).stderr).toContain("password authentication failed");
    expect((await fromNetwork("vikunja", await password("vikunjaDatabasePassword"))).stdout).toBe("vikunja");
    expect(await password("postgresPassword")).not.toBe(superuser);
    expect(await ask("SELECT count(*) FROM kept")).toBe("1000");
    const { exitCode, all } = await stack.up("--expect-no-changes", "--refresh");
    expect(exitCode, all).toBe(0);
  });

  it("a changed limit changes its settings, and the rows stay", async () => {
    await stack.configure({ resources: { postgres: { memoryMiB: 512 } } });
    await stack.mustUp();
    expect(await ask("SHOW shared_buffers")).toBe("128MB");
    expect(await ask("SELECT count(*) FROM kept")).toBe("1000");
  });

  it("no acknowledged row is lost by kill -9, and it comes back by itself", async () => {
    await ask("CREATE TABLE writes (i int)");
    for (let round = 0; round < 3; round++) {
      let acknowledged = Number(await ask("SELECT count(*) FROM writes"));
      const start = acknowledged;
      const writing = (async () => {
        for (;;) {
          const { exitCode } = await psql(`INSERT INTO writes VALUES (${acknowledged + 1})`);
          if (exitCode !== 0) return;
          acknowledged += 1;
        }
      })();
      await eventually(
        60,
        async () => acknowledged - start,
        (rows) => rows >= 5,
      );
      await killService(stack.container("vikunja_db"));
      await writing;
      await eventually(
        60,
        () => psql("SELECT 1"),
        ({ exitCode }) => exitCode === 0,
      );
      expect(Number(await ask("SELECT count(DISTINCT i) FROM writes"))).toBeGreaterThanOrEqual(acknowledged);
      expect(Number(await ask("SELECT max(i) FROM writes"))).toBeGreaterThanOrEqual(acknowledged);
    }
  });

  it("killed and then changed: the task finds no one at work and goes on", async () => {
    await killService(stack.container("vikunja_db"));
    await stack.configure({ rotate: { vikunjaDatabasePassword: 2, postgresPassword: 1 } });
    await stack.mustUp();
    expect(await ask("SELECT count(*) FROM kept")).toBe("1000");
  });

  it("the stop is graceful", async () => {
    const container = stack.container("vikunja_db");
    await container.stop();
    expect((await container.inspect()).State.ExitCode).toBe(0);
    expect(String(await container.logs({ stdout: true, stderr: true, tail: 5 }))).toContain(
      "database system is shut down",
    );
    await container.start();
    await eventually(
      60,
      () => psql("SELECT 1"),
      ({ exitCode }) => exitCode === 0,
    );
  });

  it("data of another major version is refused and untouched", async () => {
    await lab.arrange(volume, "sed -i s/15/14/ pgdata/PG_VERSION");
    const refused = await stack.up("--repair", "postgres");
    expect(refused.exitCode).toBe(1);
    expect(refused.all).toContain(
      `volume ${volume} holds data of PostgreSQL 14 and the image is PostgreSQL 15: name an image of the same major version`,
    );
    await lab.arrange(volume, "sed -i s/14/15/ pgdata/PG_VERSION");
    await stack.mustUp();
    expect(await ask("SELECT count(*) FROM kept")).toBe("1000");
  });

  it("a first start that was cut off starts over", async () => {
    await stack.container("vikunja_db").stop();
    await lab.arrange(volume, "mv pgdata aside; mkdir pgdata.new; echo half > pgdata.new/PG_VERSION");
    await stack.mustUp("--repair", "postgres");
    expect((await psql("SELECT count(*) FROM kept")).stderr).toContain('relation "kept" does not exist');
    await stack.container("vikunja_db").stop();
    await lab.arrange(volume, "rm -rf pgdata; mv aside pgdata");
    await stack.mustUp("--repair", "postgres");
    expect(await ask("SELECT count(*) FROM kept")).toBe("1000");
  });
});
