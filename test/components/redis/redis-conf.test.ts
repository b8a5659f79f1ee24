import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../components/config/parse.ts";
import { redisConf } from "../../../components/redis/redis-conf.ts";

const parse = (redis: object = {}) => parseConfig({ redis });
/** Directive -> the rest of its line. */
const conf = (redis: object = {}) =>
  Object.fromEntries(
    redisConf(parse(redis).redis)
      .trimEnd()
      .split("\n")
      .map((line) => [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)]),
  );

describe("redis.conf", () => {
  it("is the agent bus that the design asks for", () => {
    expect(conf()).toMatchObject({
      maxmemory: "512mb",
      "maxmemory-policy": "allkeys-lru",
      appendonly: "yes",
      appendfsync: "everysec",
      "protected-mode": "yes",
      aclfile: "/run/xnai/users.acl",
      dir: "/data",
    });
  });

  it("keeps on disk what it is told to, and nothing twice", () => {
    expect(conf({ persistence: "aof" })).toMatchObject({ appendonly: "yes", save: '""' });
    expect(conf({ persistence: "snapshot" })).toMatchObject({
      appendonly: "no",
      save: "3600 1 300 100 60 10000",
      "shutdown-on-sigterm": "save",
    });
    expect(conf({ persistence: "none" })).toMatchObject({ appendonly: "no", save: '""' });
  });

  const redis = fc.record({
    maxMemoryMiB: fc.oneof(fc.integer(), fc.integer({ min: 16, max: 65_536 }), fc.string(), fc.double()),
    maxMemoryPolicy: fc.oneof(fc.constantFrom("allkeys-lru", "noeviction", "volatile-ttl"), fc.string()),
    persistence: fc.oneof(fc.constantFrom("aof", "snapshot", "none"), fc.string()),
  });

  it("has the same directives whatever passes validation, each once, with values of their kind", () => {
    fc.assert(
      fc.property(redis, (values) => {
        let text: string;
        try {
          text = redisConf(parse(values).redis);
        } catch {
          return;
        }
        const lines = text.trimEnd().split("\n");
        const names = lines.map((line) => line.split(" ")[0]);
        expect(new Set(names).size).toBe(names.length);
        const free = lines.filter((line) => /^(maxmemory|maxmemory-policy) /.test(line));
        expect(free).toEqual([
          expect.stringMatching(/^maxmemory \d+mb$/),
          expect.stringMatching(/^maxmemory-policy [a-z-]+$/),
        ]);
        const fixed = redisConf({ ...parse().redis, persistence: parse(values).redis.persistence })
          .trimEnd()
          .split("\n");
        expect(lines.filter((line) => !free.includes(line))).toEqual(fixed.filter((line) => !/^maxmemory/.test(line)));
      }),
    );
  });
});
