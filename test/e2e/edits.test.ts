// What an edit of the configuration changes on the engine: exactly what depends on the value, and nothing else.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TestStack } from "../support/stack.ts";

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.create("e2e-edit", {
    exposure: {
      caddy: { port: 18900 },
      redis: { port: 18901 },
      consul: { port: 18902 },
      qdrant: { port: 18903, grpcPort: 18904 },
    },
  });
  await stack.mustUp();
});
afterAll(async () => stack?.close());

interface Step {
  op: string;
  urn: string;
}

/** `replace redis`, `create Network egress`: what a preview would do, by kind and name where it is neither a container nor a marker. */
async function changes(edit: Record<string, unknown>): Promise<string[]> {
  await stack.configure(edit);
  try {
    const { stdout, stderr, exitCode } = await stack.pulumi(["preview", "--stack", "dev", "--json"]);
    expect(exitCode, stderr).toBe(0);
    const steps = (JSON.parse(stdout) as { steps: Step[] }).steps;
    const words: Record<string, string> = {
      "create-replacement": "replace",
      replace: "replace",
      "delete-replaced": "replace",
    };
    const found = steps
      .filter(({ op, urn }) => op !== "same" && !urn.includes("pulumi:pulumi:Stack"))
      .map(({ op, urn }) => {
        const [type, name] = urn.split("::").slice(-2) as [string, string];
        const kind = type.split("$").at(-1)?.split(":").at(-1);
        return `${words[op] ?? op} ${kind === "Container" || kind === "RandomUuid" ? name : `${kind} ${name}`}`;
      });
    return [...new Set(found)].toSorted();
  } finally {
    await stack.configure(Object.fromEntries(Object.keys(edit).map((key) => [key, original[key]])));
  }
}
const original: Record<string, unknown> = {
  exposure: {
    caddy: { port: 18900 },
    redis: { port: 18901 },
    consul: { port: 18902 },
    qdrant: { port: 18903, grpcPort: 18904 },
  },
  images: { source: "local" },
};
const exposed = (change: object) => ({ ...(original.exposure as object), ...change });

/** What a service is replaced together with: the task that prepares it, and what waits for it. */
const whole = (name: string, suffix = name) => [name, `${suffix}-prepare`, `${suffix}-ready`].map(replaced);
const replaced = (name: string) => `replace ${name}`;
const redis = whole("redis");
const caddy = whole("caddy");
const qdrant = whole("qdrant");
const consul = [...whole("consul"), "replace consul-acl"];
/** Caddy reads its files while it runs. */
const caddyReads = ["replace caddy-ready"];
/** Vikunja ends itself without Postgres: it is stopped before, and started afterwards. */
const withVikunja = ["replace vikunja", "replace vikunja-ready", "replace vikunja-user"];
const postgres = [...whole("postgres", "vikunja-db"), "replace vikunja-db-setup", ...withVikunja];
const vikunja = [...withVikunja, "replace vikunja-prepare"];
const everything = [...redis, ...caddy, ...qdrant, ...consul, ...postgres, ...vikunja];
const secret = (name: string) => `replace RandomPassword ${name}`;

describe("an edit of", () => {
  it.each<[string, Record<string, unknown>, string[]]>([
    ["owner", { owner: { uid: 1001, gid: 1001 } }, everything],
    ["owners.redis", { owners: { redis: { uid: 1001, gid: 1001 } } }, redis],
    ["redis.maxMemoryMiB", { redis: { maxMemoryMiB: 256 } }, redis],
    ["caddy.routes", { caddy: { routes: [{ path: "/x", upstream: "x:1" }] } }, caddyReads],
    ["caddy.securityHeaders", { caddy: { securityHeaders: { "X-Frame-Options": "DENY" } } }, caddyReads],
    ["exposure.caddy.port", { exposure: exposed({ caddy: { port: 18999 } }) }, ["replace caddy", ...caddyReads]],
    // The landing page links to what is published.
    [
      "exposure.qdrant.port",
      { exposure: exposed({ qdrant: { port: 18999, grpcPort: 18904 } }) },
      ["replace qdrant", "replace qdrant-ready", ...caddyReads],
    ],
    ["qdrant.dashboard", { qdrant: { dashboard: false } }, [...qdrant, ...caddyReads]],
    ["qdrant.logLevel", { qdrant: { logLevel: "DEBUG" } }, ["replace qdrant", "replace qdrant-ready"]],
    ["consul.ui", { consul: { ui: false } }, [...consul, ...caddyReads]],
    ["vikunja.user.name", { vikunja: { user: { name: "ada" } } }, ["replace vikunja-user"]],
    ["vikunja.host", { vikunja: { host: "tasks.localhost" } }, caddyReads],
    ["rotate.redisPassword", { rotate: { redisPassword: 1 } }, [secret("redisPassword"), ...redis]],
    ["rotate.qdrantKey", { rotate: { qdrantKey: 1 } }, [secret("qdrantKey"), ...qdrant]],
    ["rotate.postgresPassword", { rotate: { postgresPassword: 1 } }, [secret("postgresPassword"), ...postgres]],
    ["rotate.vikunjaSecret", { rotate: { vikunjaSecret: 1 } }, [secret("vikunjaSecret"), ...vikunja]],
    ["rotate.vikunjaUserPassword", { rotate: { vikunjaUserPassword: 1 } }, ["replace vikunja-user"]],
    [
      "rotate.vikunjaDatabasePassword",
      { rotate: { vikunjaDatabasePassword: 1 } },
      [secret("vikunjaDatabasePassword"), ...postgres, ...vikunja],
    ],
    ["resources.postgres.memoryMiB", { resources: { postgres: { memoryMiB: 512 } } }, postgres],
    ["resources.qdrant.memoryMiB", { resources: { qdrant: { memoryMiB: 2048 } } }, ["update qdrant"]],
    ["resources.qdrant.cpus", { resources: { qdrant: { cpus: 1 } } }, ["replace qdrant", "replace qdrant-ready"]],
    ["resources.qdrant.pids", { resources: { qdrant: { pids: 4096 } } }, ["replace qdrant-ready"]],
    [
      "services.qdrant",
      { services: { qdrant: false } },
      [
        ...["delete RemoteImage qdrant", "delete Volume qdrant-config"],
        ...["delete qdrant", "delete qdrant-prepare", "delete qdrant-ready"],
        // The landing page and the catalogue no longer name it.
        ...[...caddyReads, ...consul],
      ],
    ],
    ["egress", { egress: ["caddy"] }, ["create Network egress", "replace caddy", ...caddyReads]],
    ["policy", { policy: { "cpu-limited": "mandatory" } }, []],
    // Consul itself never sees these tokens.
    [
      "rotate.consulViewerToken",
      { rotate: { consulViewerToken: 1 } },
      [secret("consulViewerToken"), "replace consul-acl"],
    ],
    ["taskTimeoutSeconds", { taskTimeoutSeconds: 900 }, []],
  ])("%s", async (_, edit, expected) => {
    expect(await changes(edit)).toEqual([...new Set(expected)].toSorted());
  });
});

describe("changes that nobody expected", () => {
  it("are refused before anything is changed", async () => {
    const before = (await stack.container("redis").inspect()).Id;
    await stack.configure({ redis: { maxMemoryMiB: 128 } });
    const { exitCode, all } = await stack.up("--expect-no-changes");
    await stack.configure({ redis: undefined });
    expect(exitCode, all).toBe(1);
    expect((await stack.container("redis").inspect()).Id).toBe(before);
    expect((await stack.mustUp()).all).toContain("nothing to change");
  });

  it("are not taken for applied when only a part of them was", async () => {
    await stack.configure({ caddy: { routes: [{ path: "/part", upstream: "x:1" }] } });
    const [urn] = /urn:\S+RandomPassword::qdrantKey/.exec(
      (await stack.pulumi(["stack", "--stack", "dev", "--show-urns"])).all,
    ) ?? [""];
    expect((await stack.up("--target", urn)).exitCode).toBe(0);
    expect((await stack.mustUp()).all).not.toContain("nothing to change");
    await stack.configure({ caddy: undefined });
    await stack.mustUp();
  });
});

describe("what is updated in place", () => {
  it("is updated without a restart", async () => {
    const started = async () =>
      Object.fromEntries(
        await Promise.all(
          ["caddy", "redis", "consul", "qdrant", "vikunja", "vikunja_db"].map(async (name) => {
            const { State, HostConfig } = await stack.container(name).inspect();
            return [name, [State.StartedAt, (HostConfig.Memory ?? 0) / 2 ** 20, HostConfig.PidsLimit]];
          }),
        ),
      );
    const before = await started();
    await stack.configure({
      resources: { qdrant: { memoryMiB: 2048, pids: 4096 } },
      caddy: { routes: [{ path: "/x", upstream: "x:1" }] },
      rotate: { consulViewerToken: 1 },
    });
    await stack.mustUp();
    expect(await started()).toEqual({ ...before, qdrant: [before.qdrant?.[0], 2048, 4096] });
    const { exitCode, all } = await stack.up("--expect-no-changes", "--refresh");
    expect(exitCode, all).toBe(0);
  });
});
