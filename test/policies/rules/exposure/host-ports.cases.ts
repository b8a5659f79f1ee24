import { changed, changedFacts, type RuleCases, unknown } from "../case.ts";

const ports = (name: string, ...list: object[]) => changed(name, { ports: list });
/** A range that a compose file publishes. */
const range = (first: number, last: number, more = {}) => ({
  ports: [
    {
      path: "ports[0]",
      internal: first,
      internalLast: last,
      external: first,
      externalLast: last,
      ip: "127.0.0.1",
      protocol: "tcp",
      ...more,
    },
  ],
});
const publishAll = { "published-port-allowed": "disabled" };

export const hostPortCases: RuleCases[] = [
  {
    rule: "host-port-explicit",
    breaks: {
      "left out": {
        stack: ports("redis", { internal: 6379, ip: "127.0.0.1" }),
        on: "app_redis",
        says: ["random host port", "external: 6379"],
      },
      zero: {
        stack: ports("redis", { internal: 6379, external: 0, ip: "127.0.0.1" }),
        on: "app_redis",
        says: ["random host port"],
      },
    },
    absent: { stack: changed("redis", { ports: undefined }), verdict: "pass" },
    unknown: {
      stack: ports("redis", { internal: 6379, external: unknown, ip: "127.0.0.1" }),
      path: "ports[0].external",
    },
  },
  {
    rule: "no-privileged-host-port",
    breaks: {
      DNS: {
        stack: ports("redis", { internal: 6379, external: 53, ip: "127.0.0.1" }),
        on: "app_redis",
        says: ["host port 53", "1024"],
      },
      "a range that begins below": {
        stack: changedFacts("redis", range(1000, 2000)),
        config: publishAll,
        on: "app_redis",
        says: ["host ports 1000-2000"],
      },
    },
    passes: { http: { stack: ports("caddy", { internal: 8000, external: 80, ip: "127.0.0.1" }) } },
    absent: { stack: changed("redis", { ports: undefined }), verdict: "pass" },
    unknown: {
      stack: ports("redis", { internal: 6379, external: unknown, ip: "127.0.0.1" }),
      path: "ports[0].external",
    },
    configured: {
      "a port that is meant": {
        stack: ports("redis", { internal: 6379, external: 53, ip: "127.0.0.1" }),
        config: { "no-privileged-host-port": { allowed: [53] } },
        verdict: "pass",
      },
      "not even 80": {
        stack: ports("caddy", { internal: 8000, external: 80, ip: "127.0.0.1" }),
        config: { "no-privileged-host-port": { allowed: [] } },
        verdict: "violation",
      },
    },
  },
  {
    rule: "no-ssh-port",
    breaks: {
      "published on a high port": {
        stack: ports("redis", { internal: 22, external: 2222, ip: "127.0.0.1" }),
        on: "app_redis",
        says: ["22 (SSH)", "docker exec"],
        also: ["published-port-allowed"],
      },
      "published, and allowed to": {
        stack: ports("redis", { internal: 22, external: 2222, ip: "127.0.0.1" }),
        config: { "published-port-allowed": { publishers: { redis: [22], qdrant: [6333, 6334], caddy: [8000] } } },
        on: "app_redis",
        says: ["22 (SSH)"],
      },
      "within a range": {
        stack: changedFacts("redis", range(20, 30, { external: 8020, externalLast: 8030 })),
        config: publishAll,
        on: "app_redis",
        says: ["22 (SSH)", "containers of no-ssh-port"],
      },
    },
    configured: {
      "a git server": {
        stack: ports("redis", { internal: 22, external: 2222, ip: "127.0.0.1" }),
        config: { "no-ssh-port": { containers: ["app_redis"] } },
        verdict: "pass",
      },
    },
    absent: { stack: changed("redis", { ports: undefined }), verdict: "pass" },
    unknown: {
      stack: ports("redis", { internal: unknown, external: 6379, ip: "127.0.0.1" }),
      path: "ports[0].internal",
    },
  },
  {
    rule: "host-port-unique",
    breaks: {
      "the same address": {
        stack: ports("qdrant", { internal: 6333, external: 6379, ip: "127.0.0.1" }),
        on: "app_qdrant",
        says: ["6379", "app_redis"],
      },
      "two ports of one container": {
        stack: ports(
          "qdrant",
          { internal: 6333, external: 6400, ip: "127.0.0.1" },
          { internal: 6334, external: 6400, ip: "127.0.0.1" },
        ),
        on: "app_qdrant",
        says: ["6400 for two ports of its own"],
      },
      "within a range": {
        stack: changedFacts("qdrant", range(6000, 6999)),
        config: publishAll,
        on: "app_redis",
        says: ["6379, and so does app_qdrant"],
      },
      "a range over another": {
        stack: changedFacts("redis", range(20_000, 30_000)).map((each) =>
          each.label === "app_qdrant" ? { ...each, ...range(25_000, 65_535) } : each,
        ),
        config: publishAll,
        on: "app_qdrant",
        says: ["25000-65535, and so does app_redis"],
      },
      "one on every interface": {
        stack: ports("qdrant", { internal: 6333, external: 6379, ip: "0.0.0.0" }),
        on: "app_qdrant",
        says: ["6379"],
        also: ["port-bound-to-loopback"],
      },
    },
    passes: {
      "other addresses": { stack: ports("qdrant", { internal: 6333, external: 6379, ip: "127.0.0.2" }) },
      "one port on both families": {
        stack: ports(
          "qdrant",
          { internal: 6333, external: 6400, ip: "127.0.0.1" },
          { internal: 6333, external: 6400, ip: "::1" },
        ),
      },
      "other protocols": {
        stack: ports("qdrant", { internal: 6333, external: 6379, ip: "127.0.0.1", protocol: "udp" }),
      },
      "two random ports": {
        stack: changed("qdrant", { ports: [{ internal: 6333 }, { internal: 6334 }] }),
        config: { "host-port-explicit": "disabled", "port-bound-to-loopback": "disabled" },
      },
    },
    absent: { stack: changed("qdrant", { ports: undefined }), verdict: "pass" },
    unknown: {
      stack: ports("qdrant", { internal: 6333, external: unknown, ip: "127.0.0.1" }),
      path: "ports[0].external",
    },
  },
  {
    rule: "container-name-unique",
    breaks: {
      "the same name": { stack: changed("postgres", { name: "app_redis" }), on: "app_redis", says: ["same name"] },
    },
    passes: {
      "two without a name": { stack: changed("postgres", { name: "" }, changed("redis", { name: undefined })) },
    },
    absent: { stack: changed("redis", { name: undefined }), verdict: "pass" },
    unknown: { stack: changed("redis", { name: unknown }), path: "name" },
  },
];
