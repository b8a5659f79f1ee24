import { changed, goodStack, type RuleCases, resource, unknown } from "../case.ts";

const ports = (name: string, ...list: object[]) => changed(name, { ports: list });
const redis = (ip?: unknown) => ports("redis", { internal: 6379, external: 6379, ...(ip === undefined ? {} : { ip }) });
const onLoopback = 'Write ip: "127.0.0.1" in ports[0]';

export const publishedPortCases: RuleCases[] = [
  {
    rule: "port-bound-to-loopback",
    breaks: {
      "every interface": {
        stack: redis("0.0.0.0"),
        on: "app_redis",
        says: ["6379 on every interface", "(0.0.0.0)", onLoopback],
      },
      "no address": { stack: redis(), on: "app_redis", says: ["every interface", onLoopback] },
      "an empty address": { stack: redis(""), on: "app_redis", says: ["every interface"] },
      "every IPv6 interface": { stack: redis("::"), on: "app_redis", says: ["every interface", "(::)"] },
      "every IPv6 interface, written out": {
        stack: redis("0:0:0:0:0:0:0:0"),
        on: "app_redis",
        says: ["every interface"],
      },
      "a private address": {
        stack: redis("192.168.1.5"),
        on: "app_redis",
        says: ["192.168.1.5, which is not loopback"],
      },
      "a name": { stack: redis("example.test"), on: "app_redis", says: ["example.test"] },
      "the second of two": {
        stack: ports(
          "qdrant",
          { internal: 6333, external: 6333, ip: "127.0.0.1" },
          { internal: 6334, external: 6334, ip: "10.0.0.1" },
        ),
        on: "app_qdrant",
        says: ["6334 on 10.0.0.1", "ports[1]"],
      },
    },
    passes: {
      "another loopback address": { stack: redis("127.0.0.2") },
      "IPv6 loopback": { stack: redis("::1") },
      "IPv6 loopback, written out": { stack: redis("0:0:0:0:0:0:0:1") },
    },
    absent: { stack: changed("redis", { ports: undefined }), verdict: "pass" },
    unknown: { stack: redis(unknown), path: "ports[0].ip" },
    configured: {
      "an allowed address for caddy": {
        stack: changed("caddy", {
          ports: [{ internal: 8000, external: 8000, ip: "192.168.1.5" }],
          sysctls: { "net.ipv4.ip_default_ttl": "2" },
        }),
        config: { "port-bound-to-loopback": { addresses: ["192.168.1.5"] } },
        verdict: "pass",
      },
      "an allowed address for redis, which may": {
        stack: changed("redis", {
          ports: [{ internal: 6379, external: 6379, ip: "192.168.1.5" }],
          sysctls: { "net.ipv4.ip_default_ttl": "2" },
        }),
        config: { "port-bound-to-loopback": { addresses: ["192.168.1.5"], services: ["redis"] } },
        verdict: "pass",
      },
      "an allowed address, but not for redis": {
        stack: redis("192.168.1.5"),
        config: { "port-bound-to-loopback": { addresses: ["192.168.1.5"] } },
        verdict: "violation",
      },
      "another address than the allowed one": {
        stack: ports("caddy", { internal: 8000, external: 8000, ip: "192.168.1.6" }),
        config: { "port-bound-to-loopback": { addresses: ["192.168.1.5"] } },
        verdict: "violation",
      },
    },
  },
  {
    rule: "published-port-allowed",
    breaks: {
      "a service that may not": {
        stack: ports("postgres", { internal: 9187, external: 9187, ip: "127.0.0.1" }),
        on: "app_postgres",
        says: ["container port 9187", "is postgres", "nothing", "publishers"],
      },
      "another port of one that may": {
        stack: ports("redis", { internal: 16379, external: 16379, ip: "127.0.0.1" }),
        on: "app_redis",
        says: ["16379", "only 6379"],
      },
      "a container nobody knows": {
        stack: changed("redis", { labels: [], image: `somebody/tool:1@sha256:${"cd".repeat(32)}` }, [
          ...goodStack(),
          resource("image", "tool", { name: `somebody/tool:1@sha256:${"cd".repeat(32)}` }),
        ]),
        config: { "telemetry-known": "disabled" },
        on: "app_redis",
        says: ["no known service"],
      },
      "a label that its image belies": {
        stack: changed("postgres", {
          labels: [{ label: "io.xnai.service", value: "caddy" }],
          ports: [{ internal: 8000, external: 8001, ip: "127.0.0.1" }],
        }),
        on: "app_postgres",
        says: ["is caddy and postgres"],
      },
    },
    absent: { stack: changed("caddy", { ports: undefined }), verdict: "pass" },
    unknown: {
      stack: ports("redis", { internal: unknown, external: 6379, ip: "127.0.0.1" }),
      path: "ports[0].internal",
    },
    configured: {
      "one more publisher": {
        stack: ports("postgres", { internal: 9187, external: 9187, ip: "127.0.0.1" }),
        config: {
          "published-port-allowed": {
            publishers: { postgres: [9187], redis: [6379], qdrant: [6333, 6334], caddy: [8000] },
          },
        },
        verdict: "pass",
      },
      "one less": {
        stack: goodStack(),
        config: { "published-port-allowed": { publishers: { redis: [6379] } } },
        verdict: "violation",
      },
    },
  },
  {
    rule: "port-never-published",
    breaks: {
      "Postgres by its container port": {
        stack: ports("postgres", { internal: 5432, external: 15432, ip: "127.0.0.1" }),
        on: "app_postgres",
        says: ["container port 5432", "Remove ports[0]"],
        also: ["published-port-allowed"],
      },
      "Vikunja by its container port": {
        stack: ports("redis", { internal: 3456, external: 8080, ip: "127.0.0.1" }),
        on: "app_redis",
        says: ["container port 3456"],
        also: ["published-port-allowed"],
      },
      "something else on its host port": {
        stack: ports("redis", { internal: 6379, external: 5432, ip: "127.0.0.1" }),
        on: "app_redis",
        says: ["host port 5432"],
      },
    },
    absent: { stack: changed("redis", { ports: undefined }), verdict: "pass" },
    unknown: {
      stack: ports("redis", { internal: 6379, external: unknown, ip: "127.0.0.1" }),
      path: "ports[0].external",
    },
    configured: {
      "another port": {
        stack: goodStack(),
        config: { "port-never-published": { ports: [6379] } },
        verdict: "violation",
      },
      "none at all": {
        stack: ports("redis", { internal: 6379, external: 5432, ip: "127.0.0.1" }),
        config: { "port-never-published": { ports: [] } },
        verdict: "pass",
      },
    },
  },
  {
    rule: "no-publish-all-ports",
    breaks: {
      set: {
        stack: changed("redis", { publishAllPorts: true }),
        on: "app_redis",
        says: ["every port of its image", "list the ports"],
      },
    },
    passes: { "set to false": { stack: changed("redis", { publishAllPorts: false }) } },
    absent: { stack: goodStack(), verdict: "pass" },
    unknown: { stack: changed("redis", { publishAllPorts: unknown }), path: "publishAllPorts" },
  },
];
