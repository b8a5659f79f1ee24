// The front door: where a browser finds it, and how Consul checks what is behind it. Pure.

import { reach } from "../../lib/addresses.ts";
import type { StackConfig } from "../config/keys/base.ts";
import { hostAddress } from "../definition/binding.ts";
import type { CatalogueEntry } from "../definition/presentation.ts";

/** Port of the front door inside the container. */
export const frontPort = 8000;

/** Port of Vikunja's pages inside Caddy's container, and on the host unless the configuration names another. */
export const vikunjaPort = 8010;

/** What Caddy publishes: the front door, and on a port of their own Vikunja's pages. */
export const published = {
  name: "caddy",
  ports: {
    port: { container: frontPort, host: 8000 },
    vikunja: { container: vikunjaPort, host: vikunjaPort, serves: { service: "vikunja", port: vikunjaPortOnHost } },
  },
};

/**
 * The port on the host that is Vikunja's alone: the one that the user names; else one where Caddy listens beyond loopback and
 * nobody but this machine knows the host name of the pages.
 */
function vikunjaPortOnHost({ exposure, services, vikunja }: StackConfig): number | undefined {
  const own = exposure.vikunja as false | { port: number } | undefined;
  if (own !== undefined) return own ? own.port : undefined;
  const beyond = exposure.caddy && reach(exposure.caddy.address) !== "loopback";
  return services.vikunja && beyond && vikunja.host.endsWith(".localhost") ? vikunjaPort : undefined;
}

/** Whether Vikunja's pages have a port of their own, where any name and address of this machine leads to them. */
export const vikunjaHasPort = (config: StackConfig) => vikunjaPortOnHost(config) !== undefined;

const scheme = ({ caddy }: StackConfig) => (caddy.tls === "internal" ? "https" : "http");

/** `http://localhost:8000`; undefined when Caddy is off or not published. */
export function frontDoor(config: StackConfig): string | undefined {
  const host = hostAddress(config, published);
  return host && `${scheme(config)}://${host}`;
}

/** `http://caddy:8000`: the front door as other containers reach it. */
export const frontDoorInside = (config: StackConfig) => `${scheme(config)}://caddy:${frontPort}`;

/** Host and port under which a browser finds Vikunja's own pages, which cannot live under a prefix. */
export function vikunjaHost(config: StackConfig): string {
  const { exposure, vikunja } = config;
  const own = hostAddress(config, published, "vikunja");
  return own ?? (exposure.caddy ? `${vikunja.host}:${exposure.caddy.port}` : vikunja.host);
}

/**
 * Where a browser that is at the front door is sent for the pages. With a port of their own under the name by which it came:
 * an address that is right for one client may be wrong for another.
 */
export function vikunjaRedirect(config: StackConfig): string {
  const port = vikunjaPortOnHost(config);
  return port === undefined ? vikunjaPage(config) : `${scheme(config)}://{http.request.host}:${port}/`;
}

/** `http://vikunja.localhost:8000/` */
export const vikunjaPage = (config: StackConfig) => `${scheme(config)}://${vikunjaHost(config)}/`;

/**
 * Consul's entry of something behind the front door, checked there. With TLS under a name that Caddy has a certificate for,
 * from an authority that only Caddy knows.
 */
export function throughFrontDoor({ caddy }: StackConfig, path: string): CatalogueEntry {
  const address = { address: "caddy", port: frontPort };
  if (caddy.tls === "off") return { ...address, check: { http: `http://caddy:${frontPort}${path}` } };
  return {
    ...address,
    check: {
      http: `https://caddy:${frontPort}${path}`,
      header: { Host: ["localhost"] },
      tls_server_name: "localhost",
      tls_skip_verify: true,
    },
  };
}
