// Consul as the official Alpine image lays it out, built from its Go module (which holds the compiled web UI too):
// user consul 100:1000, /consul/data and /consul/config, dumb-init as the first process, busybox for the rest.
import type { Recipe } from "../../recipe.ts";

const owner = { uid: 100, gid: 1000 };

export const recipe: Recipe = {
  name: "consul",
  folder: import.meta.dirname,
  /** To be the same as in go.mod. */
  version: "1.15.4",
  seconds: 180,
  base: { users: [{ name: "consul", ...owner, home: "/home/consul" }] },
  program: {
    module: ".",
    package: "github.com/hashicorp/consul",
    to: "usr/bin/consul",
    licenceTo: "usr/share/doc/consul/LICENSE",
  },
  packages: { names: ["dumb-init", "libc6"], drop: [/gconv/] },
  certificates: true,
  busybox: true,
  directories: { consul: owner, "consul/data": owner, "consul/config": owner },
  files: { "usr/local/bin/docker-entrypoint.sh": "docker-entrypoint.sh" },
  start: {
    entrypoint: ["docker-entrypoint.sh"],
    cmd: ["agent", "-dev", "-client", "0.0.0.0"],
    volumes: ["/consul/data"],
    ports: ["8300/tcp", "8301/tcp", "8301/udp", "8302/tcp", "8302/udp", "8500/tcp", "8600/tcp", "8600/udp"],
  },
};
