// The front door: where a browser finds it, and how Consul checks what is behind it. Pure.
import type { StackConfig } from "../config/keys/base.ts";
import { hostAddress } from "../definition/binding.ts";
import type { CatalogueEntry } from "../definition/presentation.ts";

/** Port of the front door inside the container. */
export const frontPort = 8000;

/** What Caddy publishes. */
export const published = { name: "caddy", ports: { port: { container: frontPort, host: 8000 } } };

const scheme = ({ caddy }: StackConfig) => (caddy.tls === "internal" ? "https" : "http");

/** `http://localhost:8000`; undefined when Caddy is off or not published. */
export function frontDoor(config: StackConfig): string | undefined {
  const host = hostAddress(config, published);
  return host && `${scheme(config)}://${host}`;
}

/** Host and port under which a browser finds Vikunja's own pages, which cannot live under a prefix. */
export function vikunjaHost({ exposure, vikunja }: StackConfig): string {
  return exposure.caddy ? `${vikunja.host}:${exposure.caddy.port}` : vikunja.host;
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
