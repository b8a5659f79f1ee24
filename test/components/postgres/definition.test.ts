// The container of Postgres as Pulumi registers it.
import { describe, expect, it } from "vitest";
import { imageOf } from "../../../components/image-source.ts";
import { generated, task } from "../../support/program.ts";
import { localStack, viewOf } from "../../support/whole-stacks.ts";

const program = await localStack();
const { inputs, networks, files } = viewOf(program);

describe("Postgres", () => {
  it("is reachable by nobody but its own network", () => {
    expect(networks("postgres")).toEqual(["xnai_db postgres"]);
    expect(inputs("postgres").ports).toEqual([]);
  });

  it("is set up between preparation and start, as its user, with its volumes, without a network", () => {
    const service = inputs("postgres");
    const { container: setup, args } = task(program, "vikunja-db-setup");
    expect(setup).toMatchObject({
      image: service.image,
      user: "1000:1000",
      networkMode: "none",
      readOnly: true,
      capabilities: { adds: [], drops: ["ALL"] },
      volumes: service.volumes,
    });
    expect(setup).not.toHaveProperty("networksAdvanced");
    expect(args[0]).toBe("volume xnai_postgres_data");
  });

  it("mounts the image's VOLUME: from version 18 on that is another path, and data elsewhere would be lost", () => {
    const major = Number(/postgres:(\d+)/.exec(imageOf("postgres").hub)?.[1]);
    expect(major).toBeLessThan(18);
    expect(inputs("postgres").volumes).toContainEqual({
      volumeName: "xnai_postgres_data",
      containerPath: "/var/lib/postgresql/data",
      readOnly: false,
    });
  });

  it("gets verifiers of both passwords, and in clear only the superuser's, for tools inside", () => {
    const given = files("postgres");
    expect(given["roles.sql"]).not.toContain(generated("postgresPassword", 32));
    expect(given.pgpass).toBe(`*:*:*:postgres:${generated("postgresPassword", 32)}\n`);
    expect(JSON.stringify(given)).not.toContain(generated("vikunjaDatabasePassword", 32));
    expect(files("vikunja")["database.password"]).toBe(generated("vikunjaDatabasePassword", 32));
  });

  it("is stopped as Postgres wants it, with time", () => {
    expect(inputs("postgres")).toMatchObject({ stopSignal: "SIGINT", destroyGraceSeconds: 120 });
  });
});
