// A task of the user's: a container that runs to its end, with everything that an app has but what a service needs.
import { beforeAll, describe, expect, it } from "vitest";
import type { Lock } from "../../../components/apps/lock.ts";
import { parseConfig } from "../../../components/config/parse.ts";
import { createOptions, type PlainContainer } from "../../../components/engine/api/create-options.ts";
import { failure } from "../../../components/engine/tasks/once.ts";
import { namesOf, taskTitles } from "../../../components/names.ts";
import { plainDocker } from "../../../lib/engine/traits.ts";
import { followersIn } from "../../../ops/audit/review/follow-ups.ts";
import { configProblems } from "../../support/config-problems.ts";
import { generated, one, type Program, task } from "../../support/program.ts";
import { reference } from "../../support/reference.ts";
import { stackWithApps } from "../../support/whole-stacks.ts";

const image = "localhost/rag:latest";
const lock: Lock = {
  images: {
    [image]: { id: `sha256:${"0".repeat(64)}`, entrypoint: ["rag"], command: ["serve"], user: "", volumes: [] },
  },
};
const migrate = {
  image,
  task: true,
  command: ["migrate"],
  workingDir: "/app",
  shmMiB: 8,
  database: { of: "rag_api" },
  env: { DATABASE_URL: reference("database.url"), LEVEL: "info" },
  stopGraceSeconds: 77,
  limits: { memoryMiB: 128, pids: 99 },
};
const apps = {
  migrate,
  rag_api: { image, health: { tcp: 8000 }, needs: ["migrate"], database: { name: "store" } },
};
const parsed = (values: object) => parseConfig(values as Record<string, unknown>, "here", lock);
const build = (values: object) => stackWithApps(parsed(values));

let program: Program;
beforeAll(async () => {
  program = await build({ apps });
}, 60_000);

const described = () => task(program, "migrate-setup").container as unknown as PlainContainer & { name: string };

describe("a task", () => {
  it("has no container of its own to go on running, and waits for nothing to answer", () => {
    const names = program.all.map(({ kind, name }) => `${kind} ${name}`);
    expect(names).not.toContain("Container migrate");
    expect(names).not.toContain("RandomUuid migrate-ready");
    expect(namesOf(parsed({ apps })).containers).toEqual(
      expect.arrayContaining(["xnai_migrate_prepare", "xnai_migrate_setup", "xnai_rag_api"]),
    );
    expect(namesOf(parsed({ apps })).containers).not.toContain("xnai_migrate");
  });

  it("is as confined as an app, on its networks, with its files, and not started again", () => {
    expect(described()).toMatchObject({
      name: "xnai_migrate_setup",
      user: "1000:1000",
      readOnly: true,
      capabilities: { drops: ["ALL"], adds: [] },
      securityOpts: ["no-new-privileges"],
      memory: 128,
      memorySwap: 128,
      sysctls: { "net.ipv4.ip_default_ttl": "1" },
      dns: ["127.0.0.1"],
      restart: "no",
      mustRun: false,
      envs: ["LEVEL=info"],
      networksAdvanced: [{ name: "xnai_network" }, { name: "xnai_databases" }],
      volumes: [{ volumeName: "xnai_migrate_config", containerPath: "/run/xnai", readOnly: true }],
    });
    expect(described()).not.toHaveProperty("healthcheck");
    expect(described().entrypoints?.slice(0, 3)).toEqual(["/run/xnai/busybox", "sh", "-c"]);
    expect(described().command).toEqual(["rag", "migrate"]);
  });

  it("reaches the engine with all of that", () => {
    expect(createOptions(described(), plainDocker.limits, 99)).toMatchObject({
      WorkingDir: "/app",
      HostConfig: {
        NetworkMode: "xnai_network",
        PidsLimit: 99,
        ShmSize: 8 * 1024 * 1024,
        Binds: ["xnai_migrate_config:/run/xnai:ro"],
      },
    });
    expect(described().stopTimeout).toBe(77);
  });

  it("runs before what needs it, and again with another secret", () => {
    expect(one(program, "Container", "rag_api").dependsOn).toContain("migrate-setup");
    expect(one(program, "RandomUuid", "migrate-setup").dependsOn).toEqual(
      expect.arrayContaining(["migrate-prepare", "vikunja-db-ready", "postgres-for-rag-api"]),
    );
    const again = followersIn(parsed({ apps }));
    expect(again(["migrate-prepare"])).toContain("migrate-setup");
    expect(again(["postgres-rag_api-password"])).toContain("migrate-setup");
    expect(again(["migrate-prepare"])).not.toContain("rag_api");
    expect(one(program, "RandomUuid", "migrate-setup").inputs.keepers).toMatchObject({
      follows: "id-of-migrate-prepare",
    });
  });

  it("is called by its name in what up says", () => {
    expect(taskTitles(parsed({ apps }))).toMatchObject({ "migrate-setup": "running migrate" });
    expect(taskTitles(parsed({ apps }))).not.toHaveProperty("migrate-ready");
  });

  it.each<[string, object]>([
    ["its command", { command: ["migrate", "--all"] }],
    ["its environment", { env: { ...migrate.env, LEVEL: "debug" } }],
    ["a secret", { env: { ...migrate.env, OTHER: reference("secrets.other") } }],
    ["its limits", { limits: { memoryMiB: 256 } }],
  ])("is done again when %s changes", async (_, more) => {
    const keepers = (of: Program) =>
      ["migrate-prepare", "migrate-setup"].map((name) => one(of, "RandomUuid", name).visible.keepers);
    const secrets = { other: { generate: 32 } };
    const after = await build({ apps: { ...apps, migrate: { ...migrate, ...more } }, secrets });
    expect(keepers(after)).not.toEqual(keepers(program));
    expect(keepers(await build({ apps, secrets }))).toEqual(keepers(program));
  });
});

describe("the database of another app", () => {
  it("is reached with that app's role and password, and made once", () => {
    const names = program.all.map(({ name }) => name);
    expect(names).toContain("postgres-rag_api-password");
    expect(names).not.toContain("postgres-migrate-password");
    expect(names).not.toContain("postgres-for-migrate");
    const password = generated("postgres-rag_api-password", 32);
    const secrets = JSON.stringify(program.all.map(({ visible }) => visible));
    expect(secrets).not.toContain(password);
  });

  it.each<[string, object, string]>([
    [
      "a service",
      { a: { image, health: { tcp: 1 }, database: { of: "rag_api" } } },
      'apps.a.database.of is "rag_api"; each app has a database of its own, and only a task works on another\'s',
    ],
    [
      "an app without one",
      { a: { image, task: true, database: { of: "b" } }, b: { image, health: { tcp: 1 } } },
      'apps.a.database.of is "b"; no app with a database of its own; there are: rag_api',
    ],
    [
      "a name beside it",
      { a: { image, task: true, database: { of: "rag_api", name: "x" } } },
      'apps.a.database.name is "x"; the database is that of rag_api',
    ],
  ])("is refused to %s", (_, more, said) => {
    expect(configProblems({ apps: { ...apps, ...more } }).join("\n")).toContain(said);
  });
});

describe("what a task cannot have", () => {
  it.each<[string, object, string]>([
    ["health", { health: { tcp: 1 } }, "it only counts how it ends: remove health, or task"],
    ["route", { route: { path: "/x", port: 1 } }, "nobody can be led to a task"],
    [
      "publish",
      { publish: [{ port: 1 }] },
      "nobody is answered by a task, which runs to its end: remove publish, or task",
    ],
  ])("%s", (key, more, said) => {
    expect(configProblems({ apps: { a: { image, task: true, ...more } } }).join("\n")).toMatch(`apps.a.${key} is `);
    expect(configProblems({ apps: { a: { image, task: true, ...more } } }).join("\n")).toContain(said);
  });
});

describe("a task that fails", () => {
  it("is quoted, with the line of the configuration that helps", () => {
    const damage = [{ says: /EROFS/, what: "it writes", fix: "Name it." }];
    const said = failure("migrate", 3, ["one", "Error: EROFS"], damage);
    expect(said).toContain(
      "migrate ended with exit code 3. Its last lines:\n  one\n  Error: EROFS\nit writes. Name it.",
    );
    expect(failure("migrate", 1, [])).toContain("(none)");
  });
});
