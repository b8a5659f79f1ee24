// The JSON schema with which an editor helps: it knows what the program knows, as far as JSON schema can say it.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDocument } from "yaml";
import { type ConfigError, parseConfig } from "../../../components/config/parse.ts";
import { configSchema } from "../../../components/config/schema.ts";
import { configFileSchema } from "../../../ops/verbs/schema.ts";

const validate = new Ajv2020({ strict: false, allErrors: true }).compile(configFileSchema());
const errors = (file: unknown) =>
  validate(file) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
const config = (values: Record<string, unknown>) => ({
  config: Object.fromEntries(Object.entries(values).map(([key, value]) => [`xnai:${key}`, value])),
});

describe("the schema of Pulumi.<stack>.yaml", () => {
  it("takes the file of the stack dev, and one that says everything", () => {
    const text = readFileSync(resolve(import.meta.dirname, "../../../Pulumi.dev.yaml"), "utf8");
    expect(errors(parseDocument(text).toJS())).toEqual([]);
    expect(errors(config(parseConfig({})))).toEqual([]);
  });

  it("takes what Pulumi itself and other providers keep there", () => {
    const file = {
      config: { "xnai:prefix": "lab", "docker:host": "unix:///x", "pulumi:tags": {} },
      encryptionsalt: "v1:x",
    };
    expect(errors(file)).toEqual([]);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ["an unknown key", { prefx: "lab" }, "/config must NOT have additional properties"],
    ["an unknown key below", { redis: { memory: 1 } }, "/config/xnai:redis must NOT have additional properties"],
    ["a wrong type", { prefix: 5 }, "/config/xnai:prefix must be string"],
    ["a wrong form", { prefix: "XNAi" }, "/config/xnai:prefix must match pattern"],
    ["an unknown word", { redis: { persistence: "rdb" } }, "must be equal to one of the allowed values"],
    ["too little", { redis: { maxMemoryMiB: 1 } }, "/config/xnai:redis/maxMemoryMiB must be >= 16"],
    ["root", { owner: { uid: 0 } }, "/config/xnai:owner/uid must be >= 1"],
    [
      "a port out of range",
      { exposure: { redis: { port: 70_000 } } },
      "/config/xnai:exposure/redis/port must be <= 65535",
    ],
    ["true where only false means something", { exposure: { redis: true } }, "/config/xnai:exposure/redis"],
  ])("refuses %s", (_, values, message) => {
    expect(errors(config(values)).join("\n")).toContain(message);
  });

  it("says of every key what it is for", () => {
    const { properties } = configFileSchema() as {
      properties: { config: { properties: Record<string, { description?: string; properties?: object }> } };
    };
    for (const [key, { description, properties: below }] of Object.entries(properties.config.properties))
      expect(description ?? below, key).toBeTruthy();
  });

  it("refuses nothing that the program takes", () => {
    const values = fc.record(
      {
        prefix: fc.stringMatching(/^[a-z][a-z0-9-]{0,19}$/),
        owner: fc.record({ uid: fc.integer({ min: 1, max: 70_000 }) }),
        storage: fc.constantFrom({}, { root: "/srv/x y" }),
        services: fc.record({ redis: fc.boolean(), qdrant: fc.boolean() }, { requiredKeys: [] }),
        exposure: fc.record({
          caddy: fc.oneof(fc.constant(false), fc.record({ port: fc.integer({ min: 9000, max: 9999 }) })),
        }),
        egress: fc.subarray(["redis", "caddy", "qdrant"]),
        redis: fc.record({ maxMemoryMiB: fc.integer({ min: 16, max: 65_536 }) }),
        caddy: fc.record({ securityHeaders: fc.constantFrom({}, { "X-A": "b" }, { "X-A": false }) }),
        rotate: fc.constantFrom({}, { redisPassword: 3 }),
        policy: fc.constantFrom({}, { settings: { egress: ["redis"] } }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(values, (some) => {
        expect(errors(config(parseConfig(some)))).toEqual([]);
        expect(errors(config(some))).toEqual([]);
      }),
    );
  });

  it("takes nothing with which the program could not begin, apart from what spans several keys", () => {
    const junk = fc.anything({ maxDepth: 1 });
    const keys = Object.keys(configSchema.shape).filter((key) => key !== "policy");
    fc.assert(
      fc.property(fc.constantFrom(...keys), junk, (key, value) => {
        if (errors(config({ [key]: value })).length > 0) return;
        try {
          parseConfig({ [key]: value } as Record<string, unknown>);
        } catch (error) {
          expect((error as ConfigError).message).toBe("");
        }
      }),
      { numRuns: 300 },
    );
  });
});
