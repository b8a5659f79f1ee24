// Where a browser on this host finds what the stack publishes. Pure.
import type { StackConfig } from "./config/schema.ts";
import type { PublishableService } from "./constants.ts";

/** The host in an address that a service listens on, as a browser writes it; `localhost` for this machine itself. */
function browserHost(address: string): string {
  if (["127.0.0.1", "::1", "0.0.0.0", "::"].includes(address)) return "localhost";
  return address.includes(":") ? `[${address}]` : address;
}

/** `localhost:6379`; undefined when the service is off or not published. */
export function published(config: StackConfig, service: PublishableService): string | undefined {
  const binding = config.exposure[service];
  if (binding === false || !config.services[service]) return undefined;
  return `${browserHost(binding.address)}:${binding.port}`;
}

/** `localhost:6334`; undefined as for `published`. */
export function publishedGrpc(config: StackConfig): string | undefined {
  const binding = config.exposure.qdrant;
  return binding && config.services.qdrant ? `${browserHost(binding.address)}:${binding.grpcPort}` : undefined;
}

const scheme = ({ caddy }: StackConfig) => (caddy.tls === "internal" ? "https" : "http");

/** `http://localhost:8000`; undefined when Caddy is off or not published. */
export function frontDoor(config: StackConfig): string | undefined {
  const host = published(config, "caddy");
  return host && `${scheme(config)}://${host}`;
}

/** Host and port under which a browser finds Vikunja's own pages, which cannot live under a prefix. */
export function vikunjaHost({ exposure, vikunja }: StackConfig): string {
  return exposure.caddy === false ? vikunja.host : `${vikunja.host}:${exposure.caddy.port}`;
}

/** `http://vikunja.localhost:8000/` */
export const vikunjaPage = (config: StackConfig) => `${scheme(config)}://${vikunjaHost(config)}/`;

/** Everything that can be reached from this machine, by the name of its stack output; what is off or not published is left out. */
export function addresses(config: StackConfig): Record<string, string> {
  const door = frontDoor(config);
  const redis = published(config, "redis");
  const consul = published(config, "consul");
  const qdrant = published(config, "qdrant");
  const grpc = publishedGrpc(config);
  return {
    ...(door && { frontDoor: door }),
    ...(door && config.services.vikunja && { vikunjaUrl: vikunjaPage(config), vikunjaApi: `${door}/vikunja/api/v1` }),
    ...(redis && { redisAddress: redis }),
    ...(consul && { consulUrl: `http://${consul}` }),
    ...(qdrant && { qdrantUrl: `http://${qdrant}` }),
    ...(grpc && { qdrantGrpcAddress: grpc }),
  };
}
