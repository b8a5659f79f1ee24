import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../components/config/parse.ts";
import { type FileContent, type SecretText, sha256 } from "../../../components/definition/secret.ts";
import { redisAcl, usersFile } from "../../../components/redis/acl.ts";

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

describe("the users of apps", () => {
  const app = { image: "localhost/rag:latest", health: { tcp: 8000 } };
  const fileOf = (apps: Record<string, object>) => usersFile(parseConfig({ apps }));
  const linesOf = (apps: Record<string, object>) =>
    fileOf(apps).render("of-the-clients", "of-the-check", "of-a", "of-b").trim().split("\n").slice(3);
  const all = "+@all -@admin -@dangerous +info +keys +client|list +sort +sort_ro +role";

  it("may do what other clients may, unless they are limited", () => {
    expect(linesOf({ a: { ...app, uses: ["redis"] }, b: { ...app, redis: { keys: ["docs:*"] } }, c: app })).toEqual([
      `user app-a on #${sha256("of-a")} ~* &* ${all}`,
      `user app-b on #${sha256("of-b")} resetkeys resetchannels ~docs:* ${all} -keys -scan -randomkey -pubsub -client|list -client|tracking -function -script +script|load +script|exists`,
    ]);
    const limited = { ...app, redis: { keys: ["a:*", "b:*"], channels: ["news.*"] } };
    expect(linesOf({ a: limited })[0]).toContain(" resetkeys resetchannels ~a:* ~b:* &news.* +@all");
  });

  it("are none for an app that logs in as default", () => {
    expect(linesOf({ a: { ...app, redis: { user: "default" } } })).toEqual([]);
  });

  it("neither restart Redis nor change what counts in a stack without them", () => {
    const of = (apps: Record<string, object>) => fileOf(apps).parts;
    const text = (part: FileContent | undefined) => (part as SecretText | undefined)?.render("x", "y");
    const some = of({ a: { ...app, uses: ["redis"] } });
    expect(text(some?.restart)).toBe(redisAcl({ default: "x", health: "y" }));
    expect(some?.live).toMatchObject({ secrets: ["redis-a-password"] });
    expect(of({})).not.toHaveProperty("live");
  });

  it("are kept by one who may do nothing else", () => {
    const [, , keeper = ""] = fileOf({}).render("of-the-clients", "of-the-check").split("\n");
    expect(keeper).toMatch(
      /^user acl on #[0-9a-f]{64} resetkeys resetchannels -@all \+acl\|list \+acl\|setuser \+acl\|deluser$/,
    );
    expect(keeper).not.toContain(sha256("of-the-check"));
  });

  it.each(["a b", 'a"b', "a'b", "a\nb", ""])("take no pattern that would say something else: %j", (pattern) => {
    expect(() => fileOf({ a: { ...app, redis: { keys: [pattern] } } })).toThrow("One problem");
  });
});
