/**
 * Caddy as the official Alpine image lays it out, built from its Go module. The program has the file capability
 * cap_net_bind_service as the official one does: a container that drops that capability cannot even start it.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { addBusybox, addCertificates, baseTree } from "../lib/base.ts";
import { addPackages } from "../lib/debian.ts";
import { buildGo, goLicence } from "../lib/go.ts";
import { versions } from "../names.ts";
import type { Recipe } from "../recipe.ts";

export const recipe: Recipe = {
  name: "caddy",
  seconds: 100,
  async build(context) {
    const module = import.meta.dirname;
    const program = {
      module,
      package: "github.com/caddyserver/caddy/v2/cmd/caddy",
      ldflags: `-X github.com/caddyserver/caddy/v2.CustomVersion=v${versions.caddy}`,
    };
    const tree = baseTree();
    tree.hostFile("usr/bin/caddy", await buildGo(context, program), { mode: 0o755 });
    tree.allowPortsBelow1024("usr/bin/caddy");
    tree.file("usr/share/doc/caddy/LICENSE", await goLicence(context, program));
    await addBusybox(context, tree);
    await addCertificates(context, tree);
    await addPackages(context, tree, ["media-types"], (path) => /mime\.types$|copyright$/.test(path));
    for (const folder of ["data", "config"]) tree.directory(folder).directory(`${folder}/caddy`, { mode: 0o1777 });
    tree.file("etc/caddy/Caddyfile", readFileSync(join(module, "Caddyfile")));
    tree.file("usr/share/caddy/index.html", readFileSync(join(module, "index.html")));
    tree.directory("srv");
    return {
      version: versions.caddy,
      tree,
      cmd: ["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"],
      env: { CADDY_VERSION: `v${versions.caddy}`, XDG_CONFIG_HOME: "/config", XDG_DATA_HOME: "/data" },
      workdir: "/srv",
      ports: ["80/tcp", "443/tcp", "443/udp", "2019/tcp"],
    };
  },
};
