import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../components/config/parse.ts";
import type { SecretText } from "../../../components/definition/secret.ts";
import { redisAcl } from "../../../components/redis/acl.ts";
import { redis as definition } from "../../../components/redis/definition.ts";

const parse = (redis: object = {}) => parseConfig({ redis });
const passwords = { default: "of-the-clients", health: "of-the-check" };

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
