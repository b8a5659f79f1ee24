// Redis as the official Alpine image lays it out: user redis 999:1000, /data, redis-server and redis-cli in
// /usr/local/bin, busybox for the rest. Debian's Redis, so it needs Debian's libraries.
import type { Recipe } from "../../recipe.ts";

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

const owner = { uid: 999, gid: 1000 };

export const recipe: Recipe = {
  name: "redis",
  folder: import.meta.dirname,
  version: "7.0",
  versionOfPackage: "redis-server",
  seconds: 20,
  base: { users: [{ name: "redis", ...owner, home: "/home/redis", shell: "/bin/sh" }] },
  packages: { names: packages, drop: [/gconv|benchmark/] },
  busybox: true,
  links: {
    "usr/local/bin/redis-server": "/usr/bin/redis-server",
    "usr/local/bin/redis-cli": "/usr/bin/redis-cli",
    "usr/local/bin/redis-check-rdb": "/usr/bin/redis-check-rdb",
    "usr/local/bin/redis-check-aof": "/usr/bin/redis-check-aof",
    "usr/local/bin/redis-sentinel": "/usr/bin/redis-sentinel",
  },
  directories: { data: owner },
  files: { "usr/local/bin/docker-entrypoint.sh": "docker-entrypoint.sh" },
  start: {
    entrypoint: ["docker-entrypoint.sh"],
    cmd: ["redis-server"],
    workdir: "/data",
    volumes: ["/data"],
    ports: ["6379/tcp"],
  },
};
