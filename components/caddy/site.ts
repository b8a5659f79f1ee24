// What the Caddyfile is rendered from: the configuration as Caddy needs it. Pure.
import { isEveryInterface } from "../../lib/addresses.ts";
import type { StackConfig } from "../config/keys/base.ts";
import { containerName } from "../definition/names.ts";
import type { ServiceDefinition } from "../definition/service.ts";
import { appHosts, frontRoutes } from "./app-routes.ts";
import type { CaddySite } from "./caddyfile.ts";
import { published, vikunjaHasPort, vikunjaPort, vikunjaRedirect } from "./front-door.ts";
import { responseHeaders } from "./headers.ts";

/** The site of a stack. */
export function caddySite(config: StackConfig, services: readonly ServiceDefinition[]): CaddySite {
  const address = config.exposure.caddy ? config.exposure.caddy.address : "127.0.0.1";
  const reachable = isEveryInterface(address) ? [] : [address.includes(":") ? `[${address}]` : address];
  return {
    ...frontRoutes(config, services),
    headers: responseHeaders(config.caddy),
    tls: config.caddy.tls,
    vikunja: {
      host: config.vikunja.host,
      page: vikunjaRedirect(config),
      ownPort: vikunjaHasPort(config) ? vikunjaPort : undefined,
      tls: config.caddy.tls === "internal",
      scriptHashes: config.vikunja.scriptHashes,
    },
    hosts: ["localhost", config.vikunja.host, ...config.caddy.hosts, ...appHosts(config, services), ...reachable],
    containerHosts: ["caddy", containerName(config.prefix, published)],
  };
}
