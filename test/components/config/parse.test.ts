// What a user wrote, and what Pulumi hands over -> the configuration of a stack.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { ConfigError, parseConfig, parsePulumiConfig } from "../../../components/config/parse.ts";
import { configSchema } from "../../../components/config/schema.ts";
import { configProblems as problems } from "../../support/config-problems.ts";

afterEach(() => vi.unstubAllEnvs());

describe("an empty configuration", () => {
  it("is a stack that one would accept on day one", () => {
    expect(parseConfig({})).toMatchObject({
      prefix: "xnai",
      owner: { uid: 1000, gid: 1000 },
      storage: {},
      egress: [],
      redis: { maxMemoryMiB: 512, maxMemoryPolicy: "allkeys-lru", persistence: "aof" },
      caddy: { tls: "off" },
      images: { source: "hub", refs: {} },
    });
  });

  it("publishes on loopback only, and runs everything", () => {
    const { exposure, services } = parseConfig({});
    expect(exposure).toEqual({
      caddy: { address: "127.0.0.1", port: 8000, public: false, routed: false },
      redis: { address: "127.0.0.1", port: 6379 },
      consul: { address: "127.0.0.1", port: 8500 },
      qdrant: { address: "127.0.0.1", port: 6333, grpcPort: 6334 },
    });
    expect(Object.values(services)).toEqual(Array(6).fill(true));
  });

  it("is what it says when it is read again", () => {
    expect(parseConfig(parseConfig({}))).toEqual(parseConfig({}));
  });
});

describe("storage.root", () => {
  const folder = mkdtempSync(join(tmpdir(), "xnai config "));

  it("may be missing: the engine makes directories", () => {
    const root = join(folder, "not", "yet");
    expect(parseConfig({ storage: { root } }).storage.root).toBe(root);
  });

  it("may not lie below a file", () => {
    writeFileSync(join(folder, "file"), "");
    expect(problems({ storage: { root: join(folder, "file", "data") } })).toEqual([
      `storage.root is "${folder}/file/data"; ${folder}/file is a file: name a directory`,
    ]);
  });

  describe("on a read-only file system", () => {
    let parse: typeof parseConfig;
    beforeAll(async () => {
      const fs = await vi.importActual<typeof import("node:fs")>("node:fs");
      const accessSync = () => {
        throw Object.assign(new Error("read-only"), { code: "EROFS" });
      };
      vi.resetModules();
      vi.doMock("node:fs", () => ({ ...fs, accessSync }));
      ({ parseConfig: parse } = await import("../../../components/config/parse.ts"));
    });
    afterAll(() => {
      vi.doUnmock("node:fs");
      vi.resetModules();
    });

    it("is refused, and this is told beside other problems", () => {
      const found = problems({ storage: { root: join(folder, "data") }, prefx: 1 }, parse);
      expect(found).toContain(
        `storage.root is "${folder}/data"; ${folder} is on a read-only file system: name a directory that can be written`,
      );
      expect(found).toHaveLength(2);
    });

    it("is not looked at when the engine is on another machine", () => {
      vi.stubEnv("DOCKER_HOST", "ssh://box");
      expect(problems({ storage: { root: join(folder, "data") } }, parse)).toEqual([]);
    });
  });
});

describe("what Pulumi hands over", () => {
  const parse = (all: Record<string, string>) => parsePulumiConfig(all, "xnai", "Pulumi.dev.yaml");

  it("is text, and JSON where it is structured; other namespaces are left alone", () => {
    const config = parse({
      "xnai:prefix": "lab",
      "xnai:taskTimeoutSeconds": "60",
      "xnai:egress": '["redis"]',
      "xnai:exposure": '{"redis":false,"caddy":{"port":9000}}',
      "docker:host": "unix:///x",
      "pulumi:tags": "{}",
      "xnail:prefix": "other",
    });
    expect(config).toMatchObject({ prefix: "lab", taskTimeoutSeconds: 60, egress: ["redis"] });
    expect(config.exposure).toMatchObject({ redis: false, caddy: { port: 9000 } });
  });

  it("stays text when it only looks like JSON", () => {
    expect(() => parse({ "xnai:storage": "{broken" })).toThrow('xnai:storage is "{broken"; it must be an object');
  });

  it("cannot set defaults behind everybody's back", () => {
    expect(() => parse({ "xnai:__proto__": '{"prefix":"evil"}' })).toThrow("xnai:__proto__ is not a key");
  });
});

describe("any input at all", () => {
  const junk = fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, maxDepth: 3 });
  const keys = Object.keys(configSchema.shape);
  const below = Object.entries(configSchema.shape).flatMap(([key, value]) => {
    const shape = (value as { def: { innerType?: { shape?: object } } }).def.innerType?.shape;
    return shape
      ? [
          [
            key,
            fc.record(Object.fromEntries(Object.keys(shape).map((name) => [name, junk])), { requiredKeys: [] }),
          ] as const,
        ]
      : [];
  });
  const anyInput = fc.oneof(
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom(...keys, "__proto__", "constructor")), junk),
    fc.record(Object.fromEntries(below), { requiredKeys: [] }),
  );

  it("is a configuration, or an error that names each key", () => {
    fc.assert(
      fc.property(anyInput, (values) => {
        try {
          parseConfig(values);
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError);
          const { problems, message } = error as ConfigError;
          expect(problems.length).toBeGreaterThan(0);
          for (const problem of problems) {
            expect(message).toContain(`xnai:${problem.key} ${problem.message}`);
            expect(keys.some((key) => problem.key.startsWith(key)) || Object.keys(values).includes(problem.key)).toBe(
              true,
            );
            expect(problem.message).not.toMatch(/; (Invalid|undefined|$)/);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it("as Pulumi hands it over too", () => {
    const key = fc.oneof(
      fc.string(),
      fc.constantFrom(...keys).map((name) => `xnai:${name}`),
    );
    fc.assert(
      fc.property(fc.dictionary(key, fc.oneof(fc.string(), fc.json())), (all) => {
        try {
          parsePulumiConfig(all, "xnai", "here");
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError);
        }
      }),
      { numRuns: 200 },
    );
  });
});
