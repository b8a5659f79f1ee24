// What is wrong with an app is said with the key, the value, and the nearest right one.
import { describe, expect, it } from "vitest";
import { ConfigError, parseConfig, parsePulumiConfig } from "../../../components/config/parse.ts";
import { reference } from "../../support/reference.ts";

const app = { image: "localhost/rag:latest", health: { tcp: 8000 } };

/** What is said of a configuration, one line for each problem. */
function problems(values: Record<string, unknown>): string[] {
  try {
    parseConfig(values);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ key, message }) => `${key} ${message}`);
  }
}
const problemsOf = (more: object, around: object = {}) => problems({ apps: { rag: { ...app, ...more } }, ...around });

describe("an app is refused with the nearest right key", () => {
  it.each<[string, object, string]>([
    ["a key", { imge: "x" }, "apps.rag.imge is not a key of the configuration; did you mean apps.rag.image?"],
    [
      "a key of its limits",
      { limits: { memory: 1 } },
      "apps.rag.limits.memory is not a key of the configuration; known here: memoryMiB",
    ],
    [
      "a key of its health",
      { health: { htp: "/", port: 1 } },
      "apps.rag.health.htp is not a key of the configuration; did you mean apps.rag.health.http?",
    ],
    ["a port", { health: { tcp: 0 } }, "apps.rag.health.tcp is 0; it must be at least 1"],
    ["no health", { health: undefined }, "apps.rag.health is not set; it must be an object with http, port"],
    ["root", { user: { uid: 0 } }, "apps.rag.user.uid is 0; uid 0 is root"],
    [
      "a variable",
      { env: { "A-B": "x" } },
      "apps.rag.env.A-B is not allowed as a key: it must be a name of letters, digits and underscores",
    ],
    ["a relative path", { data: { a: "data" } }, 'apps.rag.data.a is "data"; it must be an absolute path'],
    ["a part called config", { data: { config: "/c" } }, "apps.rag.data.config is not allowed as a key"],
    [
      "two at one place",
      { data: { a: "/x" }, writable: ["/x"] },
      'apps.rag.writable[0] is "/x"; already the place of data.a',
    ],
    [
      "the stack's own place",
      { mounts: [{ host: "/srv", path: "/run/xnai" }] },
      "already the place of the stack's own files",
    ],
    ["a need", { needs: ["rediss"] }, 'apps.rag.needs[0] is "rediss"; no app and no service; did you mean redis?'],
    ["itself", { needs: ["rag"] }, 'apps.rag.needs[0] is "rag"; the app itself'],
    [
      "a reserved path",
      { route: { path: "/Vikunja/x", port: 1 } },
      "/vikunja belongs to the stack itself: choose another path",
    ],
    [
      "a reserved host",
      { route: { host: "vikunja.localhost", port: 1 } },
      "vikunja.localhost belongs to the stack itself: choose another host",
    ],
  ])("%s", (_, more, text) => {
    expect(problemsOf(more).join("\n")).toContain(text);
  });

  it.each<[string, string]>([
    ["redis", "the stack itself has that name (redis)"],
    ["vikunja_db", "the stack itself has that name (postgres)"],
    ["rag_prepare", "the stack uses names with that end itself"],
    ["busybox", "that name means something else"],
    ["Rag", "it must be a name of lower-case letters, digits and single _ or -, a letter first"],
  ])("the name %s", (name, text) => {
    expect(problems({ apps: { [name]: app } }).join("\n")).toContain(text);
  });

  it("names that would share something", () => {
    expect(problems({ apps: { rag_api: app, "rag-api": app } }).join()).toContain(
      "the same name as rag_api, but for a hyphen",
    );
    const parts = { a: { ...app, data: { b_c: "/x" } }, a_b: { ...app, data: { c: "/x" } } };
    expect(problems({ apps: parts }).join()).toContain("its volume would be that of a.data.b_c");
  });

  it("routes that somebody has", () => {
    const route = { path: "/x", port: 1 };
    expect(problems({ apps: { a: { ...app, route }, b: { ...app, route } } }).join()).toContain(
      "it is already routed by apps.a.route",
    );
    const routes = [{ path: "/x", upstream: "mine:80" }];
    expect(problemsOf({ route }, { caddy: { routes } }).join()).toContain("it is already routed by caddy.routes[0]");
  });

  it("ports of this machine that somebody has", () => {
    const said = (publish: object[], around = {}) => problemsOf({ publish }, around).join();
    expect(said([{ port: 6379 }])).toContain(
      "port 6379 is already taken by exposure.redis.port: give it another host port",
    );
    expect(said([{ port: 9000 }, { port: 80, host: 9000 }])).toContain("already taken by apps.rag.publish");
    expect(said([{ port: 7777 }], { exposure: { qdrant: { grpcPort: 7777 } } })).toContain("exposure.qdrant.grpcPort");
    expect(said([{ port: 6379, host: 6380 }])).toBe("");
    expect(said([{ port: 6379 }], { exposure: { redis: false } })).toBe("");
  });

  it("circles", () => {
    const circle = { a: { ...app, needs: ["b"] }, b: { ...app, needs: ["a"] } };
    expect(problems({ apps: circle })).toEqual([
      'apps.a.needs is ["b"]; they need each other in a circle: a needs b needs a',
    ]);
  });
});

describe("what an environment refers to", () => {
  it.each<[string, string]>([
    [reference("redis.urll"), `${reference("redis.urll")} stands for nothing; did you mean ${reference("redis.url")}?`],
    [reference("secrets.hf"), "give it a value: pulumi config set --secret --path xnai:secrets.hf"],
  ])("%s", (text, said) => {
    expect(problemsOf({ env: { A: text } }).join()).toContain(said);
  });

  it("is there", () => {
    expect(problemsOf({ env: { A: reference("redis.url") } }, { services: { redis: false } }).join()).toContain(
      `${reference("redis.url")} needs redis, which is off: set services.redis to true, or remove it`,
    );
    expect(problemsOf({ env: { A: `$${reference("anything")}` } })).toEqual([]);
    expect(problemsOf({ env: { A: { file: reference("nothing.at.all") } } })).toHaveLength(1);
  });

  it("is told of without the value, which may hold a password", () => {
    const said = problemsOf({ env: { A: `pw-of-mine ${reference("redis.u")}`, B: ["pw-of-mine"] } }).join();
    expect(said).toContain("is wrong (its value is not shown)");
    expect(said).not.toContain("pw-of-mine");
  });
});

describe("what an app uses", () => {
  const uses = (more: object) => parseConfig({ apps: { rag: { ...app, ...more } } }).apps.rag?.uses;

  it("is what it names, and what its environment refers to", () => {
    expect(uses({})).toEqual([]);
    expect(uses({ uses: ["consul", "redis"] })).toEqual(["redis", "consul"]);
    const env = { A: `x ${reference("qdrant.url")}`, B: { file: reference("redis.password") } };
    expect(uses({ env, uses: ["redis"] })).toEqual(["redis", "qdrant"]);
    expect(uses({ env: { A: `$${reference("redis.url")}` } })).toEqual([]);
  });

  it("is there, and can be used", () => {
    expect(problemsOf({ uses: ["rediss"] })).toEqual([
      'apps.rag.uses[0] is "rediss"; no service that apps can use; did you mean redis?',
    ]);
    expect(problemsOf({ uses: ["redis"] }, { services: { redis: false } })).toEqual([
      'apps.rag.uses[0] is "redis"; which is off: set services.redis to true, or remove it',
    ]);
  });
});

describe("secrets", () => {
  it("are never part of a message", () => {
    expect(problems({ secrets: { a: 12345, "b-c": "hush" } }).join()).not.toMatch(/12345|hush/);
    expect(problems({ secrets: { a: { generate: 4 } } }).join()).toContain("secrets.a.generate is");
  });

  it("may be set without --path, whatever they look like", () => {
    const all = { "xnai:secrets.pin": "0123", "xnai:secrets": '{"a":"x"}' };
    expect(parsePulumiConfig(all, "xnai", "here").secrets).toEqual({ a: "x", pin: "0123" });
  });
});
