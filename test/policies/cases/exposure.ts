import { changed, goodStack, type RuleCases, resource, unknown } from "./case.ts";

const ports = (name: string, ...list: object[]) => changed(name, { ports: list });
const redis = (ip?: unknown) => ports("redis", { internal: 6379, external: 6379, ...(ip === undefined ? {} : { ip }) });
const front = (props: object) => changed("front", props as Record<string, unknown>);
const masquerade = "com.docker.network.bridge.enable_ip_masquerade";

const onLoopback = 'Write ip: "127.0.0.1" in ports[0]';

export const exposureCases: RuleCases[] = [
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
      "one on every interface": {
        stack: ports("qdrant", { internal: 6333, external: 6379, ip: "0.0.0.0" }),
        on: "app_qdrant",
        says: ["6379"],
        also: ["port-bound-to-loopback"],
      },
    },
    passes: {
      "other addresses": { stack: ports("qdrant", { internal: 6333, external: 6379, ip: "127.0.0.2" }) },
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
  {
    rule: "network-named",
    breaks: {
      "no network": {
        stack: changed("postgres", { networksAdvanced: undefined, sysctls: { "net.ipv4.ip_default_ttl": "1" } }),
        on: "app_postgres",
        says: ["default bridge", "networksAdvanced"],
      },
      "an empty list": {
        stack: changed("postgres", { networksAdvanced: [] }),
        on: "app_postgres",
        says: ["default bridge"],
      },
    },
    passes: {
      "no network at all": { stack: changed("postgres", { networksAdvanced: [], networkMode: "none" }) },
      "somebody else's": { stack: changed("postgres", { networksAdvanced: [], networkMode: "container:app_redis" }) },
    },
    absent: {
      stack: changed("postgres", { networksAdvanced: undefined, networkMode: undefined }),
      verdict: "violation",
    },
    unknown: { stack: changed("postgres", { networksAdvanced: [], networkMode: unknown }), path: "networkMode" },
  },
  {
    rule: "network-not-on-lan",
    breaks: {
      macvlan: { stack: front({ driver: "macvlan" }), on: "app_network", says: ["driver macvlan", 'driver: "bridge"'] },
      ipvlan: { stack: front({ driver: "ipvlan" }), on: "app_network", says: ["ipvlan"] },
      "a routed gateway": {
        stack: front({ options: { [masquerade]: "false", "com.docker.network.bridge.gateway_mode_ipv4": "routed" } }),
        on: "app_network",
        says: ["routed"],
      },
      "an unprotected gateway": {
        stack: front({
          options: { [masquerade]: "false", "com.docker.network.bridge.gateway_mode_ipv6": "nat-unprotected" },
        }),
        on: "app_network",
        says: ["nat-unprotected"],
      },
    },
    passes: {
      "an isolated gateway": {
        stack: front({ options: { [masquerade]: "false", "com.docker.network.bridge.gateway_mode_ipv4": "isolated" } }),
      },
    },
    absent: { stack: front({ driver: undefined }), verdict: "pass" },
    unknown: { stack: front({ driver: unknown }), path: "driver" },
  },
  {
    rule: "network-no-masquerade",
    breaks: {
      "the default": {
        stack: front({ options: undefined }),
        on: "app_network",
        says: ["masquerades", "internal: true", `"${masquerade}": "false"`],
      },
      "said aloud": { stack: front({ options: { [masquerade]: "true" } }), on: "app_network", says: ["masquerades"] },
    },
    passes: {
      "an internal network": { stack: front({ options: undefined, internal: true }) },
      "the network for egress": { stack: [...goodStack(), resource("network", "out", { name: "app_egress" })] },
    },
    absent: { stack: front({ options: {}, driver: undefined }), verdict: "violation" },
    unknown: { stack: front({ options: { [masquerade]: unknown } }), path: `options["${masquerade}"]` },
    configured: {
      "a network by another name": {
        stack: front({ options: undefined }),
        config: { "network-no-masquerade": { networks: ["app_*"] } },
        verdict: "pass",
      },
      "no exception": {
        stack: [...goodStack(), resource("network", "out", { name: "app_egress" })],
        config: { "network-no-masquerade": { networks: [] } },
        verdict: "violation",
      },
    },
  },
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
