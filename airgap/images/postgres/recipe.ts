// Postgres as the official Debian image lays it out: user postgres 999:999, programs in /usr/lib/postgresql/15/bin (on
// PATH), PGDATA, the socket directory, bash, flock, nss_wrapper for uids that no passwd line names; busybox for the rest.
// Without LLVM (100 MB), so there is no JIT, as with `jit = off`.
import type { Recipe } from "../../recipe.ts";

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

/** Of util-linux and libc-bin only the programs that the image's scripts call. */
const drop =
  /gconv|llvmjit|bitcode|pgxs|postgresql\/15\/man\/|zoneinfo\/(right|posix)\/|^usr\/s?bin\/(?!(bash|flock|locale)$)|^etc\//;

const owner = { uid: 999, gid: 999 };

export const recipe: Recipe = {
  name: "postgres",
  folder: import.meta.dirname,
  version: "15",
  versionOfPackage: "postgresql-15",
  seconds: 30,
  base: { users: [{ name: "postgres", ...owner, home: "/var/lib/postgresql", shell: "/bin/bash" }] },
  packages: { names: packages, drop: [drop] },
  busybox: true,
  // The server is reached over the stack's own network; the official image's sample says the same.
  appended: { "usr/share/postgresql/15/postgresql.conf.sample": "\nlisten_addresses = '*'\n" },
  directories: {
    "var/lib/postgresql": owner,
    "var/lib/postgresql/data": { ...owner, mode: 0o1777 },
    "run/postgresql": { ...owner, mode: 0o3777 },
    "docker-entrypoint-initdb.d": {},
  },
  files: { "usr/local/bin/docker-entrypoint.sh": "docker-entrypoint.sh" },
  start: {
    entrypoint: ["docker-entrypoint.sh"],
    cmd: ["postgres"],
    env: {
      PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/postgresql/15/bin",
      LANG: "C.UTF-8",
      PG_MAJOR: "15",
      PG_VERSION: "{version}",
      PGDATA: "/var/lib/postgresql/data",
    },
    volumes: ["/var/lib/postgresql/data"],
    ports: ["5432/tcp"],
    stopSignal: "SIGINT",
  },
};
