// Caddy, the one front door.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { scratch } from "../definition/container.ts";
import { configPath, type ServiceDefinition } from "../definition/service.ts";
import { caddyfile, healthPort } from "./caddyfile.ts";
import { caddyKeys } from "./config.ts";
import { dataPath } from "./files.ts";
import { frontDoor, published, throughFrontDoor } from "./front-door.ts";
import { landingPage } from "./landing/page.ts";
import { caddySite } from "./site.ts";

const asset = (name: string) => readFileSync(join(import.meta.dirname, "landing", name), "utf8");

const caddyfilePath = `${configPath}/Caddyfile`;

export const caddy: ServiceDefinition = {
  ...published,
  type: "xnai:index:Caddy",
  image: { hub: "caddy:2.11.4-alpine@sha256:de23def33b17fb5d1290b0f6c2add1d70780e52341896c00a4c8a2a2fe9d355e" },
  keys: caddyKeys,
  beyondLoopback: true,
  data: { data: dataPath },
  files: (config, services) => ({
    Caddyfile: caddyfile(caddySite(config, services)),
    "site/index.html": landingPage(config, services),
    "site/style.css": asset("style.css"),
    "site/icon.svg": asset("icon.svg"),
  }),
  // Connections stay open meanwhile: a changed route closes nobody's.
  reload: {
    files: ["Caddyfile", "site/index.html", "site/style.css", "site/icon.svg"],
    signal: "SIGUSR1",
    command: ["caddy", "validate", "--config", caddyfilePath, "--adapter", "caddyfile"],
  },
  container: () => ({
    command: ["caddy", "run", "--config", caddyfilePath, "--adapter", "caddyfile"],
    tmpfs: { "/config": scratch(1), "/tmp": scratch(64) },
    networks: { main: "caddy", web: "caddy" },
    // The image's binary carries this as a file capability and will not exec without it, whatever port it listens on.
    capabilities: ["CAP_NET_BIND_SERVICE"],
    health: { test: ["wget", "-q", "-O", "/dev/null", `http://127.0.0.1:${healthPort}/healthz`] },
    stopGraceSeconds: 20,
    limits: { memoryMiB: 256, cpus: 1 },
  }),
  outputs: (config) => [{ name: "frontDoor", title: "front door", value: frontDoor(config) }],
  catalogueEntry: (config) => throughFrontDoor(config, "/healthz"),
};
