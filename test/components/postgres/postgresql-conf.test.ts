// Postgres' configuration: what follows from the container's memory, who may come in, and what is stored of a password.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  pgHba,
  postgresMemory,
  postgresqlConf,
  vikunjaConnections,
} from "../../../components/postgres/postgresql-conf.ts";
import { pgpass, rolesSql, scramVerifier } from "../../../components/postgres/roles.ts";

describe("postgresMemory", () => {
  it("stays within the container's limit when every connection sorts and both maintenance workers are busy", () => {
    fc.assert(
      fc.property(fc.integer({ min: 96, max: 262_144 }), (limit) => {
        const { sharedBuffersMiB, maintenanceMiB, maxConnections, workKiB } = postgresMemory(limit);
        const most = sharedBuffersMiB + 2 * maintenanceMiB + maxConnections * (4 + workKiB / 1024);
        expect(most).toBeLessThanOrEqual(limit);
      }),
    );
  });

  it("gives Postgres nothing that it would refuse", () => {
    fc.assert(
      fc.property(fc.integer({ min: 16, max: 1_048_576 }), (limit) => {
        const memory = postgresMemory(limit);
        expect(memory.sharedBuffersMiB).toBeGreaterThanOrEqual(8);
        expect(memory.maintenanceMiB).toBeGreaterThanOrEqual(1);
        expect(memory.workKiB).toBeGreaterThanOrEqual(64);
        expect(memory.maxConnections).toBeGreaterThanOrEqual(10);
        for (const value of Object.values(memory)) expect(Number.isInteger(value)).toBe(true);
        expect(vikunjaConnections(memory)).toBeLessThan(memory.maxConnections - 3);
      }),
    );
  });

  it("gives a larger container more of everything", () => {
    const [small, large] = [postgresMemory(256), postgresMemory(2048)];
    expect(small).toMatchObject({ sharedBuffersMiB: 64, maxConnections: 32, maintenanceMiB: 16, workKiB: 1024 });
    for (const key of Object.keys(small) as (keyof typeof small)[]) expect(large[key]).toBeGreaterThan(small[key]);
  });
});

describe("postgresql.conf and pg_hba.conf", () => {
  it("name the files that the stack mounts, and the cluster below the volume", () => {
    const conf = postgresqlConf(postgresMemory(256));
    expect(conf).toContain("data_directory = '/var/lib/postgresql/data/pgdata'\n");
    expect(conf).toContain("hba_file = '/run/xnai/pg_hba.conf'\n");
    expect(conf).toContain("password_encryption = scram-sha-256\n");
  });

  it("ask everybody for a password, and let nobody but Vikunja's role in from the network", () => {
    const rules = pgHba
      .trim()
      .split("\n")
      .map((line) => line.split(" "));
    expect(new Set(rules.map((rule) => rule.at(-1)))).toEqual(new Set(["scram-sha-256"]));
    const fromOutside = rules.filter(
      ([type, , , address]) => type === "host" && !/^(127\.0\.0\.1\/32|::1\/128)$/.test(address ?? ""),
    );
    expect(fromOutside).toEqual([["host", "vikunja", "vikunja", "samenet", "scram-sha-256"]]);
  });
});

describe("passwords", () => {
  it("are stored as a verifier that is the same at every up and of no use to a thief", () => {
    const verifier = scramVerifier("correct horse");
    expect(verifier).toBe(scramVerifier("correct horse"));
    expect(verifier).toMatch(/^SCRAM-SHA-256\$4096:[A-Za-z0-9+/]{22}==\$[A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=$/);
    expect(scramVerifier("correct horsf").split("$")[1]).not.toBe(verifier.split("$")[1]);
    expect(verifier).not.toContain("horse");
  });

  it("are in one statement a line, as postgres --single takes them, for a role that owns nothing but its database", () => {
    const lines = rolesSql({ superuser: "one", vikunja: "two" }).trim().split("\n");
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(line).toMatch(/;$/);
    expect(lines[1]).toContain("NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS");
    expect(lines[1]).toContain(scramVerifier("two"));
    expect(lines[2]).toContain(`ALTER ROLE postgres PASSWORD '${scramVerifier("one")}'`);
  });

  it("stand in one file in clear: the superuser's, for the tools in the container", () => {
    expect(pgpass("secret")).toBe("*:*:*:postgres:secret\n");
  });
});
