// Postgres' configuration: what follows from the container's memory, and who may come in.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  pgHba,
  postgresMemory,
  postgresqlConf,
  vikunjaConnections,
} from "../../../components/postgres/postgresql-conf.ts";

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
