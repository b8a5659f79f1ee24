// How what is wrong with a configuration is told.
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../components/config/parse.ts";
import { configProblems as problems } from "../../support/config-problems.ts";

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
    ["a number as text", { taskTimeoutSeconds: "60" }, 'taskTimeoutSeconds is "60"; it must be a number'],
    ["too much", { taskTimeoutSeconds: 1e9 }, "taskTimeoutSeconds is 1000000000; it must be at most 86400"],
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
