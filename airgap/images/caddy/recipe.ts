// Caddy as the official Alpine image lays it out, built from its Go module. The program has the file capability
// cap_net_bind_service as the official one does: a container that drops that capability cannot even start it.
import type { Recipe } from "../../recipe.ts";

/** To be the same as in go.mod. */
const version = "2.11.9";
const anybodyMayWrite = { mode: 0o1777 };

export const recipe: Recipe = {
  name: "caddy",
  folder: import.meta.dirname,
  version,
  seconds: 100,
  base: { users: [] },
  program: {
    module: ".",
    package: "github.com/caddyserver/caddy/v2/cmd/caddy",
    ldflags: `-X github.com/caddyserver/caddy/v2.CustomVersion=v${version}`,
    to: "usr/bin/caddy",
    licenceTo: "usr/share/doc/caddy/LICENSE",
    bindsLowPorts: true,
  },
  packages: { names: ["media-types"], keep: /mime\.types$|copyright$/ },
  certificates: true,
  busybox: true,
  directories: { "data/caddy": anybodyMayWrite, "config/caddy": anybodyMayWrite, srv: {} },
  files: { "etc/caddy/Caddyfile": "Caddyfile", "usr/share/caddy/index.html": "index.html" },
  start: {
    cmd: ["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"],
    env: { CADDY_VERSION: `v${version}`, XDG_CONFIG_HOME: "/config", XDG_DATA_HOME: "/data" },
    workdir: "/srv",
    ports: ["80/tcp", "443/tcp", "443/udp", "2019/tcp"],
  },
};
