// What an edit of the configuration changes: exactly what depends on the value, and nothing else. On a real engine in
// test/e2e/long/edits.test.ts, and as a review of a pull request says it in test/ops/audit/review/edits.test.ts.

/** The configuration that is edited. */
export const original: Record<string, unknown> = {
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

/** Name of the edit, the keys that it sets, and what becomes of what: `replace redis`, `create Network egress`. */
export const edits: [name: string, edit: Record<string, unknown>, expected: string[]][] = [
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
  // Consul itself does not read these tokens from its files.
  [
    "rotate.consulViewerToken",
    { rotate: { consulViewerToken: 1 } },
    [secret("consulViewerToken"), "replace consul-ready", "replace consul-acl"],
  ],
  ["taskTimeoutSeconds", { taskTimeoutSeconds: 900 }, []],
];
