/**
 * Consul as the official Alpine image lays it out, built from its Go module (which holds the compiled web UI too):
 * user consul 100:1000, /consul/data and /consul/config, dumb-init as the first process, busybox for the rest.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { addBusybox, addCertificates, baseTree } from "../lib/base.ts";
import { addPackages } from "../lib/debian.ts";
import { buildGo, goLicence } from "../lib/go.ts";
import { versions } from "../names.ts";
import type { Recipe } from "../recipe.ts";

export const recipe: Recipe = {
  name: "consul",
  seconds: 180,
  async build(context) {
    const program = { module: import.meta.dirname, package: "github.com/hashicorp/consul" };
    const owner = { uid: 100, gid: 1000 };
    const tree = baseTree([{ name: "consul", ...owner, home: "/home/consul" }]);
    tree.hostFile("usr/bin/consul", await buildGo(context, program), { mode: 0o755 });
    tree.file("usr/share/doc/consul/LICENSE", await goLicence(context, program));
    await addPackages(context, tree, ["dumb-init", "libc6"], (path) => !path.includes("gconv"));
    await addCertificates(context, tree);
    await addBusybox(context, tree);
    for (const folder of ["consul", "consul/data", "consul/config"]) tree.directory(folder, owner);
    const entrypoint = readFileSync(join(import.meta.dirname, "docker-entrypoint.sh"));
    tree.file("usr/local/bin/docker-entrypoint.sh", entrypoint);
    return {
      version: versions.consul,
      tree,
      entrypoint: ["docker-entrypoint.sh"],
      cmd: ["agent", "-dev", "-client", "0.0.0.0"],
      volumes: ["/consul/data"],
      ports: ["8300/tcp", "8301/tcp", "8301/udp", "8302/tcp", "8302/udp", "8500/tcp", "8600/tcp", "8600/udp"],
    };
  },
};
