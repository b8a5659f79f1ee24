// Consul's configuration files, as data. Pure.
import { frontPort } from "../caddy/caddyfile.ts";
import type { StackConfig } from "../config/schema.ts";
import type { ServiceName } from "../constants.ts";

/** Consul's default; agents that join need to name no other. */
export const datacenter = "dc1";
/** The image's VOLUME. Named in the configuration too, so that `consul validate` can check it by itself. */
export const dataPath = "/consul/data";
/** HTTP API and UI. */
export const httpPort = 8500;

/** How often Consul checks a service, and how long it waits: a dead one is shown after 7 s at the latest. */
const checkInterval = "5s";
const checkTimeout = "2s";

/** The server's name among the nodes; stable, or every replacement of its container would be another node. */
export const nodeName = (config: StackConfig) => `${config.prefix}-consul`;

/** The agent's configuration without secrets. Every key is known to Consul 1.15 to 1.22. */
export function consulConfig(config: StackConfig) {
  return {
    datacenter,
    data_dir: dataPath,
    node_name: nodeName(config),
    server: true,
    bootstrap_expect: 1,
    // The address may be another one after every start.
    bind_addr: '{{ GetInterfaceIP "eth0" }}',
    client_addr: "0.0.0.0",
    // -1: not served. Nobody asked for gRPC, DNS or a second datacentre.
    ports: { http: httpPort, https: -1, grpc: -1, grpc_tls: -1, dns: -1, serf_wan: -1 },
    // Elections take 1 s instead of 5.
    performance: { raft_multiplier: 1 },
    // Default 168h: a server that was off for a week would refuse to start. That guards clusters; this one is alone.
    server_rejoin_age_max: "876000h",
    // The key comes from the configuration at every start, so that it can be changed there.
    disable_keyring_file: true,
    acl: { enabled: true, default_policy: "deny" },
    ui_config: { enabled: config.consul.ui },
    connect: { enabled: false },
    peering: { enabled: false },
    enable_script_checks: false,
    enable_local_script_checks: false,
    disable_remote_exec: true,
    disable_update_check: true,
    disable_anonymous_signature: true,
  };
}

/** The part that holds secrets. The server uses its management token for itself: see DESIGN.md 3.15. */
export function consulSecrets({ gossipKey, management }: { gossipKey: string; management: string }) {
  return {
    encrypt: gossipKey,
    acl: {
      tokens: {
        initial_management: management,
        agent: management,
        config_file_service_registration: management,
      },
    },
  };
}

interface Check {
  tcp?: string;
  http?: string;
  header?: Record<string, string[]>;
  tls_server_name?: string;
  tls_skip_verify?: boolean;
}

/** Through the front door; with TLS under a name that Caddy has a certificate for, from an authority that only Caddy knows. */
function caddyCheck({ caddy }: StackConfig, path: string): Check {
  if (caddy.tls === "off") return { http: `http://caddy:${frontPort}${path}` };
  return {
    http: `https://caddy:${frontPort}${path}`,
    header: { Host: ["localhost"] },
    tls_server_name: "localhost",
    tls_skip_verify: true,
  };
}

interface CatalogueEntry {
  /** What has to be on for the service to be reachable. */
  needs: ServiceName[];
  address: string;
  port: number;
  check: Check;
  meta?: Record<string, string>;
}

/**
 * The stack's own services in the catalogue, under the names that other containers on the network use. Vikunja is reached
 * and checked through Caddy: Consul is on one network only. Postgres is nobody's business but Vikunja's.
 */
const entries = (config: StackConfig): Partial<Record<ServiceName, CatalogueEntry>> => ({
  caddy: { needs: ["caddy"], address: "caddy", port: frontPort, check: caddyCheck(config, "/healthz") },
  redis: { needs: ["redis"], address: "redis", port: 6379, check: { tcp: "redis:6379" } },
  vikunja: {
    needs: ["vikunja", "caddy"],
    address: "caddy",
    port: frontPort,
    check: caddyCheck(config, "/vikunja/api/v1/info"),
    meta: { path: "/vikunja/api/v1" },
  },
  qdrant: { needs: ["qdrant"], address: "qdrant", port: 6333, check: { http: "http://qdrant:6333/readyz" } },
});

/** Names that the stack registers itself; nobody else's token may. */
export const ownServices = (config: StackConfig) => Object.keys(entries(config));

/** Definitions of the services that are on; one that is switched off disappears from the catalogue at the next start. */
export function consulServices(config: StackConfig) {
  return {
    services: Object.entries(entries(config))
      .filter(([, { needs }]) => needs.every((name) => config.services[name]))
      .map(([name, { address, port, check, meta }]) => ({
        id: name,
        name,
        address,
        port,
        tags: [config.prefix],
        ...(meta && { meta }),
        checks: [{ name: `${name} answers`, interval: checkInterval, timeout: checkTimeout, ...check }],
      })),
  };
}
