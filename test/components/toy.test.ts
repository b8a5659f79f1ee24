// Somebody adds a service: a folder with a definition, and its name in components/services.ts. Everything else finds it.
import { cpSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { StackConfig } from "../../components/config/keys/base.ts";
import { Clone } from "../support/clone.ts";
import { FakeEngine } from "../support/fake-engine.ts";
import { one, type Program, plainFiles, run } from "../support/program.ts";

/** The modules of the clone that are looked at; their types are those of this checkout. */
type Modules = typeof import("../../components/config/parse.ts") &
  typeof import("../../components/config/policy-config.ts") &
  typeof import("../../components/names.ts") &
  typeof import("../../components/outputs.ts") &
  typeof import("../../components/stack.ts") &
  typeof import("../../ops/schema/configuration-page.ts") &
  typeof import("../../ops/engine/status/index.ts") &
  typeof import("../../ops/schema/publishers-table.ts") &
  typeof import("../../ops/verbs/schema.ts");

const clone = new Clone();
let modules: Modules;
let config: StackConfig;
let program: Program;
let engine: FakeEngine;

beforeAll(async () => {
  cpSync(join(import.meta.dirname, "../toy"), clone.path("test/toy"), { recursive: true });
  const list = clone.read("components/services.ts");
  expect(list).toMatch(/, consul\];/);
  clone.write(
    "components/services.ts",
    `import { toy } from "../test/toy/definition.ts";\n${list.replace(", consul];", ", consul, toy];")}`,
  );
  const loaded = await Promise.all(
    [
      "components/config/parse.ts",
      "components/config/policy-config.ts",
      "components/names.ts",
      "components/outputs.ts",
      "components/stack.ts",
      "ops/schema/configuration-page.ts",
      "ops/engine/status/index.ts",
      "ops/schema/publishers-table.ts",
      "ops/verbs/schema.ts",
    ].map((path) => clone.load<object>(path)),
  );
  modules = Object.assign({}, ...loaded);
  config = modules.parseConfig({
    toy: { greeting: "good day" },
    exposure: { toy: { port: 9000 } },
    rotate: { toyKey: 1 },
  });
  program = await run(() => new modules.Stack("stack", config), { policy: allowed(config) });
  engine = await FakeEngine.start();
}, 30_000);
afterAll(() => engine?.stop());

/** Nobody has said of the toy whether it calls home: the policies ask. */
const allowed = (of: StackConfig) => ({ ...modules.policyConfigOf(of), "telemetry-known": { silent: ["toy"] } });

/** Plain files that the marker of a task or of readiness remembers. */
const remembered = (marker: string) => plainFiles(one(program, "RandomUuid", marker));

describe("a new service is found", () => {
  it("by the schema that editors use, in each of its keys", () => {
    const text = JSON.stringify(modules.configFileSchema());
    const { properties } = (modules.configFileSchema() as { properties: { config: { properties: object } } }).properties
      .config;
    expect(Object.keys(properties)).toContain("xnai:toy");
    for (const key of ["services", "exposure", "owners", "resources"])
      expect(JSON.stringify((properties as Record<string, unknown>)[`xnai:${key}`]), key).toContain('"toy"');
    expect(text).toContain("toyKey");
  });

  it("by the page of the configuration", () => {
    const page = modules.configurationPage();
    for (const key of ["xnai:toy.greeting", "xnai:exposure.toy.port", "xnai:services.<service>"])
      expect(page).toContain(`\`${key}\``);
  });

  it("by the program: its container, secret, volumes and component", () => {
    expect(one(program, "Container", "toy").inputs).toMatchObject({
      name: "xnai_toy",
      ports: [{ internal: 8099, external: 9000, ip: "127.0.0.1", protocol: "tcp" }],
    });
    expect(one(program, "Toy", "toy").urn).toContain("xnai:index:Toy");
    expect(one(program, "RandomPassword", "toyKey").inputs.keepers).toEqual({ rotation: "1" });
    for (const volume of ["toy-data", "toy-config"]) one(program, "Volume", volume);
    expect(remembered("toy-prepare")["www/index.html"]).toBe("good day\n");
  });

  it("by the outputs of the stack and by credentials", async () => {
    const { outputs } = program.result as { outputs: Record<string, unknown> };
    expect(outputs.toyAddress).toBe("localhost:9000");
    expect(outputs).toHaveProperty("toyKey");
    expect(modules.credentialRows(config).filter(({ service }) => service === "toy")).toEqual([
      { service: "toy", title: "address", output: "toyAddress" },
      { service: "toy", title: "key", output: "toyKey" },
    ]);
  });

  it("by the landing page and by Consul's catalogue", () => {
    expect(remembered("caddy-ready")["site/index.html"]).toContain('href="http://localhost:9000/">Open the toy</a>');
    const { services } = JSON.parse(remembered("consul-prepare")["services.json"] as string);
    expect(services).toContainEqual(expect.objectContaining({ name: "toy", address: "toy", port: 8099 }));
    expect(one(program, "RandomUuid", "consul-acl").inputs.keepers).toMatchObject({
      "value registrar": expect.stringContaining('service "toy" { policy'),
    });
  });

  it("by status", async () => {
    const all = await modules.stackStatus(engine.docker, config);
    expect(all.at(-1)).toMatchObject({ service: "toy", container: "xnai_toy", state: "absent", ok: false });
  });

  it("by the policies, as one that may publish its port", () => {
    expect(modules.publishersTable()).toContain("  toy: [8099],");
    expect(modules.policyConfigOf(config)).toMatchObject({
      "published-port-allowed": { publishers: { toy: [8099], caddy: [8000, 8010] } },
    });
  });

  it("by the names that must be free before an up", () => {
    const names = modules.namesOf(config);
    expect(names.containers).toEqual(expect.arrayContaining(["xnai_toy", "xnai_toy_prepare"]));
    expect(names.volumes).toEqual(expect.arrayContaining(["xnai_toy_data", "xnai_toy_config"]));
  });

  it("and by nobody when it is switched off, but for its data and secrets", async () => {
    const off = modules.parseConfig({ services: { toy: false } });
    const { all } = await run(() => new modules.Stack("stack", off), { policy: allowed(off) });
    const mine = all.filter(({ name }) => name.startsWith("toy")).map(({ kind, name }) => `${kind} ${name}`);
    expect(mine.toSorted()).toEqual(["RandomPassword toyKey", "Service toy", "Toy toy", "Volume toy-data"]);
  });
});
