// Postgres' configuration: what follows from the container's memory, and who may come in.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  appConnections,
  defaultMemoryMiB,
  leastConnections,
  memoryForApps,
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

  const rulesFrom = (hba: string) =>
    hba
      .trim()
      .split("\n")
      .map((line) => line.split(" "));
  const fromOutside = (hba: string) =>
    rulesFrom(hba).filter(
      ([type, , , address]) => type === "host" && !/^(127\.0\.0\.1\/32|::1\/128)$/.test(address ?? ""),
    );

  it("ask everybody for a password, and let nobody but Vikunja's role in from the network", () => {
    const methods = rulesFrom(pgHba(["rag", "chat"])).map((rule) => rule.at(-1));
    expect(new Set(methods)).toEqual(new Set(["scram-sha-256"]));
    expect(fromOutside(pgHba())).toEqual([["host", "vikunja", "vikunja", "samenet", "scram-sha-256"]]);
  });

  it("let an app's role into the database of its name only, whatever the name means elsewhere", () => {
    expect(fromOutside(pgHba(["all"]))).toEqual([
      ["host", "vikunja", "vikunja", "samenet", "scram-sha-256"],
      ["host", '"all"', '"all"', "samenet", "scram-sha-256"],
    ]);
  });
});

describe("connections", () => {
  it("are shared out so that apps together leave Vikunja its own, and the superuser a way in", () => {
    fc.assert(
      fc.property(fc.integer({ min: 96, max: 65_536 }), fc.integer({ min: 1, max: 40 }), (limit, apps) => {
        const memory = postgresMemory(limit);
        const taken = apps * Math.max(0, appConnections(memory, apps)) + vikunjaConnections(memory);
        expect(taken).toBeLessThanOrEqual(memory.maxConnections - 3);
      }),
    );
  });

  it("need memory: what is named as the least is enough, and no more than needed by far", () => {
    for (const apps of [1, 2, 5, 10, 30]) {
      const least = memoryForApps(apps);
      expect(appConnections(postgresMemory(least), apps)).toBeGreaterThanOrEqual(leastConnections);
      if (least > defaultMemoryMiB)
        expect(appConnections(postgresMemory(least - 64), apps)).toBeLessThan(leastConnections);
    }
  });
});
