// Headers of every answer of the front door. Pure.
import type { CaddyConfig } from "./config.ts";

/** Headers of every answer, unless the configuration says otherwise. */
const defaultHeaders: Record<string, string> = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
  "Referrer-Policy": "same-origin",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "SAMEORIGIN",
};

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
