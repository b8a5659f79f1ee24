import { changed, goodStack, type RuleCases, unknown } from "../case.ts";

const front = (props: object) => changed("front", props as Record<string, unknown>);

const lanPort = { internal: 6379, external: 6379, ip: "192.168.1.5", protocol: "tcp" };

export const egressCases: RuleCases[] = [
  {
    rule: "egress-allowed",
    breaks: {
      "no limit on hops": {
        stack: changed("redis", { sysctls: undefined }),
        on: "app_redis",
        says: ["app_network is not internal", '"net.ipv4.ip_default_ttl": "1"', "settings.egress"],
      },
      "too many hops": {
        stack: changed("redis", { sysctls: { "net.ipv4.ip_default_ttl": "2" } }),
        on: "app_redis",
        says: ["outside"],
      },
      "a network from elsewhere": {
        stack: changed("redis", { sysctls: {}, networksAdvanced: [{ name: "elsewhere" }] }),
        on: "app_redis",
        says: ["elsewhere is not declared here"],
      },
      "the default bridge": {
        stack: changed("redis", { sysctls: {}, networksAdvanced: [] }),
        on: "app_redis",
        says: ["default bridge"],
        also: ["network-named"],
      },
      "IPv6, which has other hops": { stack: front({ ipv6: true }), on: "app_redis", says: ["IPv6"] },
      "one of two networks": {
        stack: changed("postgres", { sysctls: {}, networksAdvanced: [{ name: "app_db" }, { name: "app_network" }] }),
        on: "app_postgres",
        says: ["app_network"],
        also: ["database-on-internal-network"],
      },
      "the network of one that may": {
        stack: changed(
          "redis",
          { networkMode: "container:app_qdrant", networksAdvanced: [], ports: [] },
          changed("qdrant", { sysctls: {}, dns: undefined }),
        ),
        config: { settings: { egress: ["qdrant"] } },
        on: "app_redis",
        says: ["app_network"],
      },
      "a network as its mode": {
        stack: changed("redis", { sysctls: {}, networksAdvanced: [], networkMode: "app_network" }),
        on: "app_redis",
        says: ["app_network"],
      },
    },
    passes: {
      "the network of one that is held": {
        stack: changed("redis", { sysctls: {}, networksAdvanced: [], networkMode: "container:app_qdrant", ports: [] }),
      },
      "internal networks need no limit": { stack: changed("postgres", { sysctls: undefined }) },
      "no network": {
        stack: changed("redis", { sysctls: undefined, networksAdvanced: [], networkMode: "none", ports: [] }),
      },
    },
    absent: { stack: changed("redis", { sysctls: undefined }), verdict: "violation" },
    unknown: { stack: changed("redis", { sysctls: { "net.ipv4.ip_default_ttl": unknown } }), path: "sysctls" },
    configured: {
      "a service that may": {
        stack: changed("redis", { sysctls: undefined, dns: undefined }),
        config: { settings: { egress: ["redis"] } },
        verdict: "pass",
      },
      "a container that may": {
        stack: changed("redis", { sysctls: undefined, dns: undefined }),
        config: { settings: { egress: ["app_redis"] } },
        verdict: "pass",
      },
      "another that may": {
        stack: changed("redis", { sysctls: undefined }),
        config: { settings: { egress: ["qdrant"] } },
        verdict: "violation",
      },
      "answers to clients behind a router": {
        stack: changed("redis", { sysctls: undefined, ports: [lanPort] }),
        config: { "egress-allowed": { routed: ["redis"] } },
        verdict: "pass",
      },
      "answers of one that publishes on loopback only": {
        stack: changed("redis", { sysctls: undefined }),
        config: { "egress-allowed": { routed: ["redis"] } },
        verdict: "violation",
      },
      "answers of another": {
        stack: changed("redis", { sysctls: undefined, ports: [lanPort] }),
        config: { "egress-allowed": { routed: ["caddy"] } },
        verdict: "violation",
      },
    },
  },
  {
    rule: "dns-not-forwarded",
    breaks: {
      "the host's resolver": {
        stack: changed("redis", { dns: undefined }),
        on: "app_redis",
        says: ["host's resolver", 'dns: ["127.0.0.1"]'],
      },
      "a public one": { stack: changed("redis", { dns: ["9.9.9.9"] }), on: "app_redis", says: ["9.9.9.9"] },
      "one of two": {
        stack: changed("redis", { dns: ["127.0.0.1", "9.9.9.9"] }),
        on: "app_redis",
        says: ["through 9.9.9.9"],
      },
    },
    passes: {
      "no network": { stack: changed("postgres", { dns: undefined, networkMode: "none", networksAdvanced: [] }) },
    },
    absent: { stack: changed("redis", { dns: undefined }), verdict: "violation" },
    unknown: { stack: changed("redis", { dns: [unknown] }), path: "dns[0]" },
    configured: {
      "a service that may": {
        stack: changed("redis", { dns: ["9.9.9.9"] }),
        config: { settings: { egress: ["redis"] } },
        verdict: "pass",
      },
    },
  },
  {
    rule: "database-on-internal-network",
    breaks: {
      "on the front network": {
        stack: changed("postgres", { networksAdvanced: [{ name: "app_network" }] }),
        on: "app_postgres",
        says: ["is postgres", "app_network, which is not internal", "internal: true"],
      },
      "on one of two": {
        stack: changed("postgres", { networksAdvanced: [{ name: "app_db" }, { name: "app_network" }] }),
        on: "app_postgres",
        says: ["app_network"],
      },
      "on one nobody declares": {
        stack: changed("postgres", { networksAdvanced: [{ name: "other" }] }),
        on: "app_postgres",
        says: ["not declared here"],
      },
    },
    absent: { stack: changed("postgres", { networksAdvanced: undefined, networkMode: "none" }), verdict: "pass" },
    unknown: { stack: changed("back", { internal: unknown }), path: "internal of app_db" },
    configured: {
      "redis too": {
        stack: goodStack(),
        config: { "database-on-internal-network": { services: ["redis"] } },
        verdict: "violation",
      },
      nobody: {
        stack: changed("postgres", { networksAdvanced: [{ name: "app_network" }] }),
        config: { "database-on-internal-network": { services: [] } },
        verdict: "pass",
      },
    },
  },
];
