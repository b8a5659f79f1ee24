// Caddy, the one front door.
import * as pulumi from "@pulumi/pulumi";
import { vikunjaPage } from "../addresses.ts";
import type { StackConfig } from "../config/schema.ts";
import { configPath, containerSuffix } from "../constants.ts";
import { Service, type ServiceArgs, type ServiceSpec } from "../engine/service.ts";
import { type CaddySite, caddyfile, defaultHeaders, healthPort } from "./caddyfile.ts";
import { landingPage } from "./landing.ts";
import { landingIcon, landingStyle } from "./landing-style.ts";

/** `x-frame-options` -> `X-Frame-Options`: one name for one header, and none that Caddy takes for a word of its own (`defer`). */
const canonical = (header: string) => header.toLowerCase().replace(/(^|-)[a-z]/g, (start) => start.toUpperCase());

/** Headers after the user's additions and removals; HSTS only where there is HTTPS. */
export function responseHeaders({ securityHeaders, tls }: StackConfig["caddy"]): Record<string, string> {
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

/** What the Caddyfile is rendered from. */
export function caddySite(config: StackConfig): CaddySite {
  const { caddy: binding } = config.exposure;
  const address = binding === false ? "127.0.0.1" : binding.address;
  const reachable = ["0.0.0.0", "::"].includes(address) ? [] : [address.includes(":") ? `[${address}]` : address];
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
    containerHosts: ["caddy", `${config.prefix}_${containerSuffix.caddy}`],
  };
}

/** Caddy in plain values. */
export function caddySpec(config: StackConfig): ServiceSpec {
  return {
    service: "caddy",
    command: ["caddy", "run", "--config", `${configPath}/Caddyfile`, "--adapter", "caddyfile"],
    files: {
      Caddyfile: caddyfile(caddySite(config)),
      "site/index.html": landingPage(config),
      "site/style.css": landingStyle,
      "site/icon.svg": landingIcon,
    },
    data: { data: "/data" },
    tmpfs: {
      "/config": "rw,noexec,nosuid,nodev,size=1m,mode=1777",
      "/tmp": "rw,noexec,nosuid,nodev,size=64m,mode=1777",
    },
    networks: { main: "caddy", web: "caddy" },
    // The image's binary carries this as a file capability and will not exec without it, whatever port it listens on.
    capabilities: ["CAP_NET_BIND_SERVICE"],
    health: { test: ["wget", "-q", "-O", "/dev/null", `http://127.0.0.1:${healthPort}/healthz`] },
    stopGraceSeconds: 20,
    limits: { memoryMiB: 256, cpus: 1 },
  };
}

export class Caddy extends pulumi.ComponentResource {
  public readonly service: Service;

  constructor(name: string, args: ServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("xnai:index:Caddy", name, {}, opts);
    this.service = new Service("caddy", caddySpec(args.config), args, { parent: this });
    this.registerOutputs({});
  }
}
