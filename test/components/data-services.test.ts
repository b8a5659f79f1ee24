// The containers of Postgres, Vikunja and Qdrant as Pulumi registers them.
import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { parseConfig } from "../../components/config/parse.ts";
import { imageOf, usesStandIn } from "../../components/image-source.ts";
import { qdrantYaml } from "../../components/qdrant/definition.ts";
import { vikunjaEnv } from "../../components/vikunja/environment.ts";
import { generated, one, type Program, run } from "../support/program.ts";

const stack = (values: Record<string, unknown>) =>
  run(async () => {
    const { Stack } = await import("../../components/stack.ts");
    return new Stack("stack", parseConfig(values));
  });

let program: Program;
/** Another one, with several things at once that do not touch each other. */
let other: Program;
beforeAll(async () => {
  program = await stack({ images: { source: "local" } });
  other = await stack({ storage: { root: "/srv/xnai" }, rotate: { vikunjaUserPassword: 2 } });
}, 60_000);

/** What these tests look at. */
interface Inputs {
  image: string;
  envs: string[];
  command?: string[];
  entrypoints?: string[];
  tmpfs: Record<string, string>;
  networksAdvanced?: { name: string; aliases?: string[] }[];
  volumes: { volumeName?: string; containerPath: string; readOnly: boolean }[];
  uploads?: { file: string; content: string }[];
  memory: number;
  ports: unknown[];
  healthcheck: { tests: string[]; interval: string };
}
const inputs = (name: string, from = program) => one(from, "Container", name).inputs as unknown as Inputs;
const env = (name: string) => Object.fromEntries(inputs(name).envs.map((item) => item.split(/=(.*)/s)));
const networks = (name: string) =>
  (inputs(name).networksAdvanced ?? []).map((network) => `${network.name} ${network.aliases ?? ""}`.trim());
const files = (name: string, from = program) =>
  Object.fromEntries((inputs(name, from).uploads ?? []).map(({ file, content }) => [file.split("/").at(-1), content]));
const json = (name: string, file: string, from = program) => JSON.parse(files(name, from)[file] as string);

describe("Postgres", () => {
  it("is reachable by nobody but its own network", () => {
    expect(networks("postgres")).toEqual(["xnai_db postgres"]);
    expect(inputs("postgres").ports).toEqual([]);
  });

  it("is set up between preparation and start, as its user, with its volumes, without a network", () => {
    const service = inputs("postgres");
    const setup = inputs("vikunja-db-setup");
    expect(setup).toMatchObject({
      image: service.image,
      user: "1000:1000",
      networkMode: "none",
      readOnly: true,
      capabilities: { adds: [], drops: ["ALL"] },
      command: ["volume xnai_postgres_data"],
      volumes: service.volumes,
    });
    expect(setup.networksAdvanced).toBeUndefined();
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
    const given = files("vikunja-db-prepare");
    expect(given["roles.sql"]).not.toContain(generated("postgresPassword", 32));
    expect(given.pgpass).toBe(`*:*:*:postgres:${generated("postgresPassword", 32)}\n`);
    expect(JSON.stringify(given)).not.toContain(generated("vikunjaDatabasePassword", 32));
    expect(files("vikunja-prepare")["database.password"]).toBe(generated("vikunjaDatabasePassword", 32));
  });

  it("is stopped as Postgres wants it, with time", () => {
    expect(inputs("postgres")).toMatchObject({ stopSignal: "SIGINT", destroyGraceSeconds: 120 });
  });
});

describe("Vikunja", () => {
  it("is between Caddy and Postgres and nowhere else", () => {
    expect(networks("vikunja").toSorted()).toEqual(["xnai_db vikunja", "xnai_web vikunja"]);
    expect(inputs("vikunja").ports).toEqual([]);
  });

  it("restarts whatever ends it, and ends with SIGINT", () => {
    expect(inputs("vikunja")).toMatchObject({ restart: "always", stopSignal: "SIGINT" });
    expect(inputs("vikunja").healthcheck).toMatchObject({
      tests: ["CMD", "/app/vikunja/vikunja", "healthcheck"],
      interval: "5s",
    });
  });

  it("has registration closed, and its own settings for everything that would call out", () => {
    expect(env("vikunja")).toMatchObject({
      VIKUNJA_SERVICE_ENABLEREGISTRATION: "false",
      VIKUNJA_SERVICE_ENABLELINKSHARING: "false",
      VIKUNJA_WEBHOOKS_ENABLED: "false",
      VIKUNJA_SENTRY_ENABLED: "false",
      VIKUNJA_SENTRY_FRONTENDENABLED: "false",
      VIKUNJA_MAILER_ENABLED: "false",
      VIKUNJA_REDIS_ENABLED: "false",
      VIKUNJA_AVATAR_GRAVATARBASEURL: "http://127.0.0.1:9",
      VIKUNJA_BACKGROUNDS_PROVIDERS_UNSPLASH_ENABLED: "false",
      VIKUNJA_CORS_ENABLE: "false",
      VIKUNJA_SERVICE_IPEXTRACTIONMETHOD: "xff",
    });
  });

  it("does not start with a short signing key", () => {
    expect(inputs("vikunja-prepare").command).toContain("32:signing.key");
    expect(files("vikunja-prepare")["signing.key"]).toHaveLength(64);
  });

  it("has memory for an upload, and a collector that knows the limit", () => {
    expect(inputs("vikunja").memory).toBeGreaterThanOrEqual(192);
    expect(env("vikunja").GOMEMLIMIT).toBe("144MiB");
    expect(vikunjaEnv(parseConfig({ resources: { vikunja: { memoryMiB: 1000 } } })).GOMEMLIMIT).toBe("750MiB");
  });

  it("leaves connections to others than itself", () => {
    expect(env("vikunja").VIKUNJA_DATABASE_MAXOPENCONNECTIONS).toBe("19");
    expect(files("vikunja-db-prepare")["postgresql.conf"]).toContain("max_connections = 32");
  });
});

describe("Vikunja's first user", () => {
  it("is made by an instance that only its own container reaches, the one place where registration is on", () => {
    expect(env("vikunja-user")).toEqual({
      ...env("vikunja"),
      PATH: "/setup/bin",
      VIKUNJA_SERVICE_ENABLEREGISTRATION: "true",
      VIKUNJA_SERVICE_INTERFACE: "127.0.0.1:3456",
    });
    expect(networks("vikunja-user")).toEqual(["xnai_db"]);
    expect(inputs("vikunja-user")).toMatchObject({
      user: "1000:1000",
      readOnly: true,
      capabilities: { adds: [], drops: ["ALL"] },
      volumes: [
        { volumeName: "xnai_vikunja_user-config", containerPath: "/setup", readOnly: true },
        { volumeName: "xnai_vikunja_config", containerPath: "/run/xnai", readOnly: true },
      ],
    });
  });

  it("keeps its data away from Vikunja's", () => {
    expect(Object.keys(inputs("vikunja-user").tmpfs)).toContain("/app/vikunja/files");
  });

  it("is renewed with passwords that are known from the seed", () => {
    const made = (file: string, from = other) => json("vikunja-user-prepare", file, from);
    expect(inputs("vikunja-user", other).command).toEqual(["xnai", "2", "1", "0"]);
    expect(made("change.0.json")).toEqual({
      old_password: made("register.json", program).password,
      new_password: made("register.json").password,
    });
    expect(made("login.2.json")).toEqual({ username: "xnai", password: made("register.json").password });
    expect(made("register.json").password).not.toBe(made("login.1.json").password);
    expect(made("register.json").password).toHaveLength(40);
  });
});

describe("Qdrant", () => {
  it("does not go through entrypoint.sh, and asks nobody for updates", () => {
    expect(inputs("qdrant").entrypoints).toBeUndefined();
    const [, , script, , ...args] = inputs("qdrant").command ?? [];
    expect(script).toMatch(/exec \.\/qdrant --config-path "\$1"$/);
    expect(args).toEqual(["/run/xnai/qdrant.yaml"]);
    expect(env("qdrant").QDRANT__TELEMETRY_DISABLED).toBe("true");
  });

  it("quotes its keys, so that none is read as a number", () => {
    for (const key of ["0123456789", "12e5", "0x1F", "true", "~"]) {
      const yaml = parse(qdrantYaml({ dashboard: false }, { full: key, readOnly: `${key}r` }));
      expect(yaml.service).toMatchObject({
        api_key: key,
        read_only_api_key: `${key}r`,
        enable_static_content: false,
        enable_cors: false,
        enable_snapshot_url_recovery: false,
      });
    }
    expect(parse(qdrantYaml({ dashboard: true }, { full: "a", readOnly: "b" })).service.enable_static_content).toBe(
      true,
    );
  });

  it("keeps storage and snapshots apart, both its own", () => {
    const writable = inputs("qdrant").volumes.filter(({ readOnly }) => !readOnly);
    expect(writable.map(({ volumeName, containerPath }) => [volumeName, containerPath])).toEqual([
      ["xnai_qdrant_storage", "/qdrant/storage"],
      ["xnai_qdrant_snapshots", "/qdrant/snapshots"],
    ]);
  });
});

describe("who wrote the data", () => {
  const writers = (from: Program) =>
    ["qdrant", "vikunja", "redis", "vikunja-db"].map((name) => inputs(`${name}-prepare`, from).command?.[2]);

  it("is told to the Job for services that have a stand-in", () => {
    expect(writers(program)).toEqual(["stand-in", "stand-in", "any", "any"]);
    expect(writers(other)).toEqual(["real", "real", "any", "any"]);
    const own = parseConfig({ images: { source: "local", refs: { qdrant: "registry.example/qdrant:v1.19.1" } } });
    expect([usesStandIn(own, "qdrant"), usesStandIn(own, "vikunja"), usesStandIn(own, "redis")]).toEqual([
      false,
      true,
      false,
    ]);
  });
});

describe("the configuration of Vikunja", () => {
  const problems = (vikunja: object) => {
    try {
      parseConfig({ vikunja });
      return "";
    } catch (error) {
      return (error as Error).message;
    }
  };

  it("takes names, mail addresses and hosts that Vikunja and browsers take", () => {
    expect(problems({ user: { name: "Ada.L-1_x", email: "ada+x@example.org" }, host: "tasks.lan" })).toBe("");
    for (const name of ["ab", "a b", "link-share-7", "bot-x", "ä".repeat(3), 'a"b', "a,b"])
      expect(problems({ user: { name } })).toContain("xnai:vikunja.user.name is");
    for (const email of ["x", "x@y", "x@y.z\n", 'x"@y.z', "@y.z"])
      expect(problems({ user: { email } })).toContain("xnai:vikunja.user.email is");
    for (const host of ["vikunja", "a..b", "a.b:80", "-a.b", "A.b", "a.b/c", "a.b {"])
      expect(problems({ host })).toContain("xnai:vikunja.host is");
    for (const hash of ["sha256-x", "'unsafe-inline'", `sha256-${"a".repeat(43)}=; script-src *`])
      expect(problems({ scriptHashes: [hash] })).toContain("xnai:vikunja.scriptHashes[0] is");
  });
});

describe("storage.root", () => {
  it("puts every part of the data below it, relabelled for containers", () => {
    for (const [name, part] of [
      ["postgres", "postgres/data"],
      ["vikunja", "vikunja/files"],
      ["qdrant", "qdrant/storage"],
      ["qdrant", "qdrant/snapshots"],
    ] as const)
      expect(inputs(name, other).volumes).toContainEqual(
        expect.objectContaining({ hostPath: `/srv/xnai/${part}`, selinuxRelabel: "z", readOnly: false }),
      );
  });
});

describe("switched off", () => {
  it("leaves volumes and secrets, and no container", async () => {
    const off = await stack({ services: { vikunja: false, postgres: false, qdrant: false } });
    const made = off.all.map(({ kind, name }) => `${kind} ${name}`);
    expect(made.filter((name) => /^Container (vikunja|postgres|qdrant)/.test(name))).toEqual([]);
    for (const kept of ["Volume vikunja-files", "Volume postgres-data", "Volume qdrant-storage"])
      expect(made).toContain(kept);
    for (const kept of ["vikunjaSecret", "vikunjaUserSeed", "postgresPassword", "vikunjaDatabasePassword", "qdrantKey"])
      expect(made).toContain(`RandomPassword ${kept}`);
  });

  it("is refused for Postgres alone", () => {
    expect(() => parseConfig({ services: { postgres: false } })).toThrow(
      /services\.postgres is false; Vikunja keeps its data there: set services\.vikunja to false as well/,
    );
  });
});
