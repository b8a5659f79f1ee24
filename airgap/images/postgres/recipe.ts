/**
 * Postgres as the official Debian image lays it out: user postgres 999:999, programs in /usr/lib/postgresql/15/bin
 * (on PATH), PGDATA, the socket directory, bash, flock, nss_wrapper for uids that no passwd line names. Busybox for the rest.
 * Without LLVM (100 MB), so there is no JIT, as when `jit = off`.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { addBusybox, baseTree } from "../lib/base.ts";
import { addPackages, upstreamVersion } from "../lib/debian.ts";
import type { Recipe } from "../recipe.ts";

const packages = [
  "postgresql-15",
  "postgresql-client-15",
  "bash",
  "libc-bin",
  "libc6",
  "libcap2",
  "libcom-err2",
  "libffi8",
  "libgcc-s1",
  "libgcrypt20",
  "libgmp10",
  "libgnutls30",
  "libgpg-error0",
  "libgssapi-krb5-2",
  "libhogweed6",
  "libicu72",
  "libidn2-0",
  "libk5crypto3",
  "libkeyutils1",
  "libkrb5-3",
  "libkrb5support0",
  "libldap-2.5-0",
  "liblz4-1",
  "liblzma5",
  "libnettle8",
  "libnss-wrapper",
  "libp11-kit0",
  "libpam0g",
  "libaudit1",
  "libcap-ng0",
  "libpcre2-8-0",
  "libpq5",
  "libreadline8",
  "libsasl2-2",
  "libselinux1",
  "libssl3",
  "libstdc++6",
  "libsystemd0",
  "libtasn1-6",
  "libtinfo6",
  "libunistring2",
  "libuuid1",
  "libxml2",
  "libxslt1.1",
  "libzstd1",
  "ncurses-base",
  "tzdata",
  "util-linux",
  "zlib1g",
];

const unwanted =
  /gconv|llvmjit|bitcode|pgxs|postgresql\/15\/man\/|zoneinfo\/(right|posix)\/|^usr\/s?bin\/(?!(bash|flock|locale)$)|^etc\//;

export const recipe: Recipe = {
  name: "postgres",
  seconds: 30,
  async build(context) {
    const owner = { uid: 999, gid: 999 };
    const tree = baseTree([{ name: "postgres", ...owner, home: "/var/lib/postgresql", shell: "/bin/bash" }]);
    const versions = await addPackages(context, tree, packages, (path) => !unwanted.test(path));
    const version = upstreamVersion(versions.get("postgresql-15"));
    await addBusybox(context, tree);

    // Reached over a network of the stack's own, as the official image's sample says too.
    const sample = "usr/share/postgresql/15/postgresql.conf.sample";
    tree.file(sample, `${tree.bytes(sample)}\nlisten_addresses = '*'\n`);
    tree.directory("var/lib/postgresql", owner).directory("var/lib/postgresql/data", { ...owner, mode: 0o1777 });
    tree.directory("run/postgresql", { ...owner, mode: 0o3777 }).directory("docker-entrypoint-initdb.d");
    const entrypoint = readFileSync(join(import.meta.dirname, "docker-entrypoint.sh"));
    tree.file("usr/local/bin/docker-entrypoint.sh", entrypoint);
    return {
      version,
      tree,
      entrypoint: ["docker-entrypoint.sh"],
      cmd: ["postgres"],
      env: {
        PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/postgresql/15/bin",
        LANG: "C.UTF-8",
        PG_MAJOR: "15",
        PG_VERSION: version,
        PGDATA: "/var/lib/postgresql/data",
      },
      volumes: ["/var/lib/postgresql/data"],
      ports: ["5432/tcp"],
      stopSignal: "SIGINT",
    };
  },
};
