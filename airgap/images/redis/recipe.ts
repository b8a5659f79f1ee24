/**
 * Redis as the official Alpine image lays it out: user redis 999:1000, /data, redis-server and redis-cli in
 * /usr/local/bin, busybox for the rest. Debian's Redis, so it needs Debian's libraries.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { addBusybox, baseTree } from "../lib/base.ts";
import { addPackages, upstreamVersion } from "../lib/debian.ts";
import type { Recipe } from "../recipe.ts";

const packages = [
  "redis-server",
  "redis-tools",
  "libatomic1",
  "libc6",
  "libcap2",
  "libgcc-s1",
  "libgcrypt20",
  "libgpg-error0",
  "libhiredis0.14",
  "libjemalloc2",
  "liblua5.1-0",
  "liblz4-1",
  "liblzf1",
  "liblzma5",
  "libssl3",
  "libstdc++6",
  "libsystemd0",
  "libzstd1",
  "lua-bitop",
  "lua-cjson",
];

export const recipe: Recipe = {
  name: "redis",
  seconds: 20,
  async build(context) {
    const tree = baseTree([{ name: "redis", uid: 999, gid: 1000, home: "/home/redis", shell: "/bin/sh" }]);
    const versions = await addPackages(context, tree, packages, (path) => !/gconv|benchmark/.test(path));
    for (const program of ["redis-server", "redis-cli", "redis-check-rdb", "redis-check-aof", "redis-sentinel"]) {
      tree.symlink(`usr/local/bin/${program}`, `/usr/bin/${program}`);
    }
    await addBusybox(context, tree);
    tree.directory("data", { uid: 999, gid: 1000 });
    tree.file("usr/local/bin/docker-entrypoint.sh", readFileSync(join(import.meta.dirname, "docker-entrypoint.sh")));
    return {
      version: upstreamVersion(versions.get("redis-server")),
      tree,
      entrypoint: ["docker-entrypoint.sh"],
      cmd: ["redis-server"],
      workdir: "/data",
      volumes: ["/data"],
      ports: ["6379/tcp"],
    };
  },
};
