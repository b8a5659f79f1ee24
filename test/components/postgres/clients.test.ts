// An app with a database as Pulumi registers it: what it is given, and that nothing of Postgres itself is another one for it.
import { beforeAll, describe, expect, it } from "vitest";
import type { Lock } from "../../../components/apps/lock.ts";
import { parseConfig } from "../../../components/config/parse.ts";
import type { SecretText } from "../../../components/definition/secret.ts";
import { namesOf, taskTitles } from "../../../components/names.ts";
import { pgHba } from "../../../components/postgres/postgresql-conf.ts";
import { definitionsOf } from "../../../components/services.ts";
import { generated, one, type Program } from "../../support/program.ts";
import { reference } from "../../support/reference.ts";
import { stackWithApps } from "../../support/whole-stacks.ts";

const image = "localhost/rag:latest";
const lock: Lock = {
  images: { [image]: { id: `sha256:${"0".repeat(64)}`, entrypoint: ["rag"], command: [], user: "", volumes: [] } },
};
const app = (more: object) => ({ image, health: { tcp: 8000 }, ...more });
const apps = {
  rag_api: app({ database: { name: "store", extensions: ["pg_trgm", "vector"] } }),
  "chat-ui": app({ env: { DATABASE_URL: reference("database.url"), NAME: reference("database.name") } }),
  plain: app({}),
};
const parsed = (values: object) => parseConfig(values as Record<string, unknown>, "here", lock);
const build = (values: object) => stackWithApps(parsed(values));

let before: Program;
let program: Program;
beforeAll(async () => {
  before = await build({});
  program = await build({ apps });
}, 60_000);

const keepers = (of: Program, name: string) => one(of, "RandomUuid", name).visible.keepers as Record<string, string>;
const inputs = (name: string) => one(program, "Container", name).inputs as Record<string, unknown>;

describe("an app with a database", () => {
  it("is on a network with Postgres and without Vikunja, which no other app is on", () => {
    expect(inputs("rag_api").networksAdvanced).toEqual([
      { name: "xnai_network", aliases: ["rag_api"] },
      { name: "xnai_databases", aliases: ["rag_api"] },
    ]);
    for (const other of ["plain", "vikunja", "postgres"])
      expect(JSON.stringify(inputs(other).networksAdvanced)).not.toContain("xnai_databases");
    expect(JSON.parse(keepers(program, "databases").network as string)).toMatchObject({
      name: "xnai_databases",
      internal: true,
      labels: { "io.xnai.stack": "xnai" },
    });
    expect(JSON.parse(keepers(program, "vikunja-db-joins-databases").joins as string)).toEqual({
      container: "xnai_vikunja_db",
      network: "xnai_databases",
      alias: "postgres",
    });
  });

  it("starts when Postgres answers, is on that network, and has made the database", () => {
    const { dependsOn } = one(program, "Container", "rag_api");
    for (const step of ["vikunja-db-ready", "vikunja-db-joins-databases", "postgres-for-rag-api"])
      expect(dependsOn).toContain(step);
    expect(dependsOn).not.toContain("postgres-for-chat-ui");
    expect(one(program, "Container", "plain").dependsOn).not.toContain("vikunja-db-ready");
  });

  it("is told where it is, with a password of its own", () => {
    const files = definitionsOf(parsed({ apps })).find(({ name }) => name === "chat-ui")?.files;
    const { environment } = files?.(parsed({ apps }), []) ?? {};
    const { secrets, render } = environment as SecretText;
    expect(secrets).toEqual(["postgres-chat-ui-password"]);
    expect(render("p4ss")).toBe("export DATABASE_URL='postgresql://chat_ui:p4ss@postgres:5432/chat_ui'\n");
    expect(inputs("chat-ui").envs).toEqual(["NAME=chat_ui"]);
  });

  it("shows in previews what it gets, and no secret", () => {
    const shown = keepers(program, "postgres-for-rag-api");
    expect(shown).toMatchObject({
      "value database": "store",
      "value extensions": "pg_trgm, vector",
      "value connections": "4",
    });
    const visible = JSON.stringify(program.all.map((each) => each.visible));
    expect(visible).not.toContain(generated("postgres-rag_api-password", 32));
    expect(visible).not.toContain("SCRAM-SHA-256");
  });

  it("is something that up says in words, and its network a name that up needs", () => {
    expect(taskTitles(parsed({ apps }))).toMatchObject({
      "postgres-for-rag-api": "giving rag_api its database",
      "vikunja-db-joins-databases": "putting postgres on the network databases",
    });
    expect(namesOf(parsed({ apps })).networks).toContain("xnai_databases");
    expect(namesOf(parsed({})).networks).not.toContain("xnai_databases");
  });
});

describe("Postgres with such apps", () => {
  it("is the container that it is without them, prepared from the same", () => {
    expect(one(program, "Container", "postgres").inputs).toEqual(one(before, "Container", "postgres").inputs);
    for (const task of ["vikunja-db-prepare", "vikunja-db-setup"])
      expect(keepers(program, task)).toEqual(keepers(before, task));
    expect(keepers(before, "vikunja-db-prepare")["file pg_hba.conf"]).toBe(pgHba());
  });

  it("is told who may come in, and without them there is nothing to tell", () => {
    expect(keepers(before, "vikunja-db-ready")).not.toHaveProperty("file pg_hba.conf");
    expect(keepers(program, "vikunja-db-ready")["file pg_hba.conf"]).toBe(pgHba(["store", "chat_ui"]));
  });

  it("has no network for them as long as there is none", () => {
    expect(before.all.filter(({ name }) => /databases|postgres-for/.test(name))).toEqual([]);
  });
});
