import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sha256 } from "../../../components/definition/secret.ts";
import { redisAcl } from "../../../components/redis/acl.ts";

const passwords = { default: "of-the-clients", health: "of-the-check" };

describe("users.acl", () => {
  it("lets clients read, write and look, and neither administer nor endanger", () => {
    const [client] = redisAcl(passwords).split("\n");
    expect(client).toBe(
      `user default on #${sha256("of-the-clients")} ~* &* +@all -@admin -@dangerous +info +keys +client|list +sort +sort_ro +role`,
    );
  });

  it("lets the health check do nothing but ask", () => {
    const [, health] = redisAcl(passwords).split("\n");
    expect(health).toBe(`user health on #${sha256("of-the-check")} resetkeys resetchannels -@all +ping +info`);
  });

  it("has two lines and no password, whatever the passwords are", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8 }), fc.string({ minLength: 8 }), (user, health) => {
        const text = redisAcl({ default: user, health });
        expect(text.split("\n")).toHaveLength(3);
        expect(text).toMatch(/^(user [a-z]+ on #[0-9a-f]{64}( [~&*a-z_|@+-]+)+\n){2}$/);
        const known = redisAcl(passwords);
        if (!known.includes(user)) expect(text).not.toContain(user);
      }),
    );
  });
});
