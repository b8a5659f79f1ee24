// What the Caddyfile is rendered from: the configuration as Caddy needs it. Pure.
import { isEveryInterface } from "../../lib/addresses.ts";
import type { StackConfig } from "../config/keys/base.ts";
import { containerName } from "../definition/names.ts";
import { type CaddySite, defaultHeaders } from "./caddyfile.ts";
import type { CaddyConfig } from "./config.ts";
import { published, vikunjaPage } from "./front-door.ts";

/** `x-frame-options` -> `X-Frame-Options`: one name for one header, and none that Caddy takes for a word of its own (`defer`). */
const canonical = (header: string) => header.toLowerCase().replace(/(^|-)[a-z]/g, (start) => start.toUpperCase());

/** Headers after the user's additions and removals; HSTS only where there is HTTPS. */
export function responseHeaders({ securityHeaders, tls }: CaddyConfig): Record<string, string> {
  const all: Record<string, string | false> = {
    ...defaultHeaders,
    ...(tls === "internal" ? { "Strict-Transport-Security": "max-age=31536000" } : {}),
    ...Object.fromEntries(Object.entries(securityHeaders).map(([name, value]) => [canonical(name), value])),
  };
  return Object.fromEntries(
    Object.entries(all)
      .filter((entry): entry is [string, string] => entry[1] !== false)
      .toSorted(([a], [b]) => a.localeCompare(b)),
  );
}

/** The site of a stack. */
export function caddySite(config: StackConfig): CaddySite {
  const address = config.exposure.caddy ? config.exposure.caddy.address : "127.0.0.1";
  const reachable = isEveryInterface(address) ? [] : [address.includes(":") ? `[${address}]` : address];
  return {
    routes: config.caddy.routes,
    headers: responseHeaders(config.caddy),
    tls: config.caddy.tls,
    vikunja: {
      host: config.vikunja.host,
      page: vikunjaPage(config),
      tls: config.caddy.tls === "internal",
      scriptHashes: config.vikunja.scriptHashes,
    },
    hosts: ["localhost", config.vikunja.host, ...config.caddy.hosts, ...reachable],
    containerHosts: ["caddy", containerName(config.prefix, published)],
  };
}
