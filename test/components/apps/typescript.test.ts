// An app that is written in TypeScript is the one that is written in YAML.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { App, type AppArgs, declaredApps } from "../../../components/apps/app.ts";
import type { Lock } from "../../../components/apps/lock.ts";
import type { StackConfig } from "../../../components/config/keys/base.ts";
import { ConfigError, parseConfig, parsePulumiConfig } from "../../../components/config/parse.ts";
import { reference } from "../../support/reference.ts";
import { stackWithApps } from "../../support/whole-stacks.ts";

const image = "localhost/rag:latest";
const lock: Lock = {
  images: { [image]: { id: `sha256:${"0".repeat(63)}1`, entrypoint: [], command: ["run"], user: "", volumes: [] } },
};
const args: AppArgs = {
  image,
  health: { http: "/health", port: 8000 },
  route: { path: "/api", port: 8000 },
  env: { WORKERS: 2, REDIS_URL: reference("redis.url"), DATABASE_URL: reference("database.url") },
  redis: { keys: ["docs:*"] },
  database: { extensions: ["pg_trgm"] },
  data: { library: "/library" },
};

async function made(config: StackConfig) {
  const { all } = await stackWithApps(config);
  return all.map(({ urn, inputs, dependsOn }) => ({ urn, inputs, dependsOn }));
}

describe("an app in TypeScript", () => {
  it("makes the resources that the same lines in YAML make", async () => {
    const app = new App("rag_api", args);
    expect(app.name).toBe("rag_api");
    // As Pulumi hands it over: by name.
    const { DATABASE_URL, REDIS_URL, WORKERS } = args.env ?? {};
    const { data, database, health, redis, route } = args;
    const env = { DATABASE_URL, REDIS_URL, WORKERS };
    const yaml = { "xnai:apps": JSON.stringify({ rag_api: { data, database, env, health, image, redis, route } }) };
    const written = parsePulumiConfig(yaml, "xnai", "here", lock);
    const declared = parsePulumiConfig({}, "xnai", "here", lock, declaredApps());
    expect(JSON.stringify(declared)).toBe(JSON.stringify(written));
    expect(await made(declared)).toEqual(await made(written));
  });

  it("is there once", () => {
    expect(() => new App("rag_api", args)).toThrow("there are two apps called rag_api");
  });

  it("is checked as YAML is, and not in both", () => {
    const said = (yaml: object, apps: object) => {
      try {
        parseConfig({ apps: yaml }, "Pulumi.dev.yaml", lock, apps as Record<string, object>);
      } catch (error) {
        if (error instanceof ConfigError) return error.message;
        throw error;
      }
      return "";
    };
    expect(said({}, { rag: { ...args, imge: "x" } })).toMatch(
      /\(Pulumi\.dev\.yaml and apps\.ts\)[\s\S]*xnai:apps\.rag\.imge is not a key .*did you mean apps\.rag\.image\?/,
    );
    expect(said({ rag: args }, { rag: args })).toContain("xnai:apps.rag is in apps.ts, too: keep one of the two");
    expect(said({ other: { ...args, route: undefined, database: undefined, env: {} } }, { rag: args })).toBe("");
  });
});

describe("apps.ts", () => {
  const components = join(import.meta.dirname, "../../../components/apps");
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "xnai apps "));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** What is read of this text, in a process of its own, as `xnai` and the program read it. */
  const read = (text?: string) => {
    rmSync(join(folder, "apps.ts"), { force: true });
    if (text !== undefined) writeFileSync(join(folder, "apps.ts"), text);
    const script = `
      const { readApps } = await import(${JSON.stringify(join(components, "read-apps.ts"))});
      try { console.log(JSON.stringify(readApps(${JSON.stringify(folder)}))); }
      catch ({ code, message }) { console.log(JSON.stringify({ code, message })); }`;
    return execa(process.execPath, ["--input-type=module", "-e", script]).then(({ stdout }) => JSON.parse(stdout));
  };
  const imported = `import { App } from ${JSON.stringify(join(components, "app.ts"))};\n`;

  it("makes apps, and need not be there", async () => {
    const text = `${imported}const port: number = 8000;\nnew App("rag", { image: "rag:1", health: { tcp: port } });\n`;
    expect(await read(text)).toEqual({ rag: { image: "rag:1", health: { tcp: 8000 } } });
    expect(await read()).toEqual({});
  });

  it("is named when it cannot be run", async () => {
    const missing = await read(`${imported}throw new Error("no such model");\n`);
    expect(missing).toEqual({ code: 2, message: "apps.ts cannot be used: no such model" });
  });
});
