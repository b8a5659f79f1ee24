import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../components/config/parse.ts";
import { type SecretText, sha256, uuidFrom } from "../../../components/definition/secret.ts";
import { generatedSecret } from "../../../components/engine/secrets.ts";
import { redisAcl } from "../../../components/redis/acl.ts";
import { redis as definition } from "../../../components/redis/definition.ts";
import { redisConf } from "../../../components/redis/redis-conf.ts";
import { run } from "../../support/program.ts";

const parse = (redis: object = {}) => parseConfig({ redis });
/** Directive -> the rest of its line. */
const conf = (redis: object = {}) =>
  Object.fromEntries(
    redisConf(parse(redis).redis)
      .trimEnd()
      .split("\n")
      .map((line) => [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)]),
  );
const passwords = { default: "of-the-clients", health: "of-the-check" };

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

describe("the container", () => {
  const memory = (maxMemoryMiB: number) => definition.container(parse({ maxMemoryMiB })).limits.memoryMiB;

  it("has room for a fork beside the data", () => {
    expect(memory(512)).toBe(832);
    fc.assert(
      fc.property(fc.integer({ min: 16, max: 65_536 }), (data) => {
        expect(memory(data)).toBeGreaterThanOrEqual(data * 1.5 + 64);
      }),
    );
  });

  it("asks Redis whether it is well, with a password that is in no command", () => {
    const { health, command, entrypoint, env } = definition.container(parse());
    const shown = JSON.stringify([health, command, entrypoint, env]);
    expect(shown).toContain("REDISCLI_AUTH");
    for (const password of Object.values(passwords)) expect(shown).not.toContain(password);
  });

  it("does not start with an empty list of users, which would let everybody in", () => {
    const files = definition.files?.(parse(), []) ?? {};
    const least = (files["users.acl"] as SecretText).minimumBytes as number;
    expect(least).toBeGreaterThan(100);
    expect(redisAcl(passwords).length).toBeGreaterThan(least);
  });
});

describe("users.acl", () => {
  it("lets clients read, write and look, and neither administer nor endanger", () => {
    const [client] = redisAcl(passwords).split("\n");
    expect(client).toBe(`user default on #${sha256("of-the-clients")} ~* &* +@all -@admin -@dangerous +info +keys`);
  });

  it("lets the health check do nothing but ask", () => {
    const [, health] = redisAcl(passwords).split("\n");
    expect(health).toBe(`user health on #${sha256("of-the-check")} resetkeys resetchannels -@all +ping`);
  });

  it("has two lines and no password, whatever the passwords are", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8 }), fc.string({ minLength: 8 }), (user, health) => {
        const text = redisAcl({ default: user, health });
        expect(text.split("\n")).toHaveLength(3);
        expect(text).toMatch(/^(user [a-z]+ on #[0-9a-f]{64}( [~&*a-z@+-]+)+\n){2}$/);
        const known = redisAcl(passwords);
        if (!known.includes(user)) expect(text).not.toContain(user);
      }),
    );
  });
});

describe("generated secrets", () => {
  it("are letters and digits of the length that is asked for, renewed by a number", async () => {
    const config = parseConfig({ rotate: { redisPassword: 3 } });
    const { all } = await run(() => [
      generatedSecret("redisPassword", config, {}),
      generatedSecret("qdrantKey", config, {}, 64),
    ]);
    expect(all.map(({ kind, name, inputs }) => ({ kind, name, inputs }))).toEqual([
      {
        kind: "RandomPassword",
        name: "redisPassword",
        inputs: { length: 32, special: false, keepers: { rotation: "3" } },
      },
      { kind: "RandomPassword", name: "qdrantKey", inputs: { length: 64, special: false, keepers: { rotation: "0" } } },
    ]);
  });

  it("are UUIDs where software insists on them: one for one secret", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        expect(uuidFrom(one)).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
        expect(uuidFrom(one) === uuidFrom(other)).toBe(one === other);
      }),
    );
  });
});
