// Consul's configuration files, as data. Pure.
import type { StackConfig } from "../config/keys/base.ts";
import type { Listed } from "../definition/presentation.ts";

/** Consul's default; agents that join need to name no other. */
export const datacenter = "dc1";
/** The image's VOLUME. Named in the configuration too, so that `consul validate` can check it by itself. */
export const dataPath = "/consul/data";
/** HTTP API and UI. */
export const httpPort = 8500;

/** How often Consul checks a service, and how long it waits: a dead one is shown after 7 s at the latest. */
export const checkTimes = { interval: "5s", timeout: "2s" };

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

/**
 * The part that holds secrets. The server uses its management token for itself: its own services are then registered within
 * seconds of its start, and with a token that is made after the election only half a minute later (tried on 1.15).
 */
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

/** The services that have an entry in the catalogue, whether they are on or not. */
const listed = (services: readonly Listed[]) => services.filter(({ catalogueEntry }) => catalogueEntry);

/** Names that the stack registers itself; nobody else's token may. */
export const ownServices = (services: readonly Listed[]) => listed(services).map(({ name }) => name);

/** The services that are on, as Consul registers them at its start; one that is switched off disappears with the next. */
export function consulServices(config: StackConfig, services: readonly Listed[]) {
  const entries = listed(services).flatMap(({ name, catalogueEntry }) => {
    const entry = config.services[name] ? catalogueEntry?.(config) : undefined;
    return entry ? [{ name, ...entry }] : [];
  });
  return {
    services: entries.map(({ name, address, port, check, meta }) => ({
      id: name,
      name,
      address,
      port,
      tags: [config.prefix],
      ...(meta && { meta }),
      checks: [{ name: `${name} answers`, ...checkTimes, ...check }],
    })),
  };
}
