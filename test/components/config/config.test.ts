import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { ownerOf } from "../../../components/config/keys/base.ts";
import { ConfigError, parseConfig, parsePulumiConfig } from "../../../components/config/parse.ts";
import { configSchema } from "../../../components/config/schema.ts";

afterEach(() => vi.unstubAllEnvs());

/** What is wrong with `values`: `key message`, one per problem. */
function problems(values: Record<string, unknown>, parse = parseConfig): string[] {
  try {
    parse(values);
  } catch (error) {
    if (error instanceof ConfigError || (error as Error).name === ConfigError.name)
      return (error as ConfigError).problems.map(({ key, message }) => `${key} ${message}`);
    throw error;
  }
  return [];
}

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
      caddy: { address: "127.0.0.1", port: 8000, public: false },
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

describe("one thing wrong is one sentence", () => {
  it.each<[string, Record<string, unknown>, string]>([
    ["root as owner", { owner: { uid: 0 } }, "owner.uid is 0; uid 0 is root: name an ordinary uid, such as 1000"],
    ["the group of root", { owners: { redis: { gid: 0 } } }, "owners.redis.gid is 0; gid 0 is root"],
    ["a relative root", { storage: { root: "srv" } }, 'storage.root is "srv"; it must be an absolute path'],
    ["the file system's root", { storage: { root: "/" } }, 'storage.root is "/"; it must be an absolute path'],
    ["a colon, which the engine splits at", { storage: { root: "/a:b" } }, 'storage.root is "/a:b"; it must be'],
    ["a root that leads elsewhere", { storage: { root: "/srv/../etc" } }, 'storage.root is "/srv/../etc"; it must be'],
    ["a root in two spellings", { storage: { root: "/srv//x" } }, 'storage.root is "/srv//x"; it must be'],
    ["a root in two lines", { storage: { root: "/srv/\nx" } }, 'storage.root is "/srv/\\nx"; it must be'],
    [
      "Redis in less than its data",
      { redis: { maxMemoryMiB: 512 }, resources: { redis: { memoryMiB: 512 } } },
      "resources.redis.memoryMiB is 512; too little for redis.maxMemoryMiB, which is 512: allow 576 or more",
    ],
    ["Vikunja without its database", { services: { postgres: false } }, "services.postgres is false; Vikunja keeps"],
    ["negative memory", { redis: { maxMemoryMiB: -1 } }, "redis.maxMemoryMiB is -1; it must be at least 16"],
    ["half a MiB", { redis: { maxMemoryMiB: 16.5 } }, "redis.maxMemoryMiB is 16.5; it must be a whole number"],
    ["a number as text", { jobTimeoutSeconds: "60" }, 'jobTimeoutSeconds is "60"; it must be a number'],
    ["too much", { jobTimeoutSeconds: 1e9 }, "jobTimeoutSeconds is 1000000000; it must be at most 86400"],
    [
      "an unknown word",
      { redis: { persistence: "rdb" } },
      'redis.persistence is "rdb"; it must be one of "aof", "snapshot"',
    ],
    ["an upper-case prefix", { prefix: "XNAi" }, 'prefix is "XNAi"; it must be 1 to 20 characters'],
    ["a list in place of keys", { caddy: [] }, "caddy is []; it must be an object"],
    ["nothing", { owner: null }, "owner is null; it must be an object"],
    ["a missing part", { caddy: { routes: [{ path: "/a" }] } }, "caddy.routes[0].upstream is not set; it must be text"],
    ["a reference without a tag", { images: { refs: { redis: "redis" } } }, "it must be a reference with a tag"],
    ["a typo", { exposre: {} }, "exposre is not a key of the configuration; did you mean exposure?"],
    [
      "a typo further down",
      { exposure: { caddy: { adress: "::1" } } },
      "exposure.caddy.adress is not a key of the configuration; did you mean exposure.caddy.address?",
    ],
    [
      "a typo in a list",
      { caddy: { routes: [{ path: "/a", upstream: "a:1", stripprefix: true }] } },
      "caddy.routes[0].stripprefix is not a key of the configuration; did you mean caddy.routes[0].stripPrefix?",
    ],
    ["a service that is none", { services: { mysql: true } }, "services.mysql is not a key"],
    ["a secret that is none", { rotate: { redisPasword: 1 } }, "did you mean rotate.redisPassword?"],
    ["far from every key", { storage: { location: "/x" } }, "known here: root"],
    ["a key that every object has", { constructor: {} }, "constructor is not a key of the configuration"],
  ])("%s", (_, values, message) => {
    const found = problems(values);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(message);
  });

  it("tells them all, with the file and with what to do, and says that nothing was changed", () => {
    const wrong = { prefx: 1, owner: { uid: 0, gid: -1 }, redis: { maxMemoryMiB: 1 }, egress: ["mysql"] };
    expect(problems(wrong)).toHaveLength(5);
    expect(() => parseConfig(wrong, "Pulumi.dev.yaml")).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(
          /^5 problems in the configuration \(Pulumi\.dev\.yaml\):(\n {2}xnai:\S+ .*){5}$/,
        ),
        fix: expect.stringMatching(/^Nothing was changed\. .*pulumi config set/),
      }),
    );
    expect(() => parseConfig({ prefx: 1 })).toThrow(/^One problem in/);
  });

  it("cuts a long value short", () => {
    expect(problems({ prefix: "x".repeat(500) })[0]?.length).toBeLessThan(250);
  });
});

describe("checks across keys", () => {
  it("are made although something else is wrong", () => {
    const wrong = {
      services: { postgres: false, redis: "on" },
      resources: { redis: { memoryMiB: 20, cpus: 0 } },
      exposure: { caddy: { port: 6379, address: 1 } },
    };
    expect(problems(wrong).map((problem) => problem.split(" ")[0])).toEqual([
      "services.redis",
      "services.postgres",
      "exposure.caddy.address",
      "exposure.redis.port",
      "resources.redis.cpus",
      "resources.redis.memoryMiB",
    ]);
  });

  it("are quiet about values that are none of theirs", () => {
    for (const none of [null, true, 1, "x", []])
      for (const key of ["services", "resources", "exposure", "caddy", "redis"])
        expect(problems({ [key]: none })).toHaveLength(1);
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
      "xnai:jobTimeoutSeconds": "60",
      "xnai:egress": '["redis"]',
      "xnai:exposure": '{"redis":false,"caddy":{"port":9000}}',
      "docker:host": "unix:///x",
      "pulumi:tags": "{}",
      "xnail:prefix": "other",
    });
    expect(config).toMatchObject({ prefix: "lab", jobTimeoutSeconds: 60, egress: ["redis"] });
    expect(config.exposure).toMatchObject({ redis: false, caddy: { port: 9000 } });
  });

  it("stays text when it only looks like JSON", () => {
    expect(() => parse({ "xnai:storage": "{broken" })).toThrow('xnai:storage is "{broken"; it must be an object');
  });

  it("cannot set defaults behind everybody's back", () => {
    expect(() => parse({ "xnai:__proto__": '{"prefix":"evil"}' })).toThrow("xnai:__proto__ is not a key");
  });
});

it("takes a service's own owner, else the stack's", () => {
  const config = parseConfig({ owner: { uid: 1001, gid: 1001 }, owners: { qdrant: { uid: 5 } } });
  expect(ownerOf(config, "redis")).toEqual({ uid: 1001, gid: 1001 });
  expect(ownerOf(config, "qdrant")).toEqual({ uid: 5, gid: 1000 });
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

  it("prefixes keep the names of two stacks apart", () => {
    const prefix = fc.stringMatching(/^[a-z][a-z0-9-]{0,19}$/);
    fc.assert(
      fc.property(prefix, prefix, (one, other) => {
        fc.pre(one !== other);
        for (const name of [one, other]) expect(parseConfig({ prefix: name }).prefix).toBe(name);
        // Every name on the engine is `<prefix>_...`, and no prefix has an underscore.
        expect(`${one}_`.startsWith(`${other}_`)).toBe(false);
      }),
    );
  });
});
