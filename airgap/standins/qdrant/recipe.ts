// A stand-in for Qdrant, laid out as the official image is (Debian 12, bash, everything in /qdrant, user root). The server
// in Python is standin/; the storage engine is Qdrant's own code as a Python extension, from PyPI (Apache-2.0).
import type { Recipe } from "../../recipe.ts";
import { pythonPackages, unusedPython } from "./python.ts";

/** What the image needs of Debian's base system: no curl, no wget, as in the official image. */
const basePackages = [
  "base-files",
  "bash",
  "coreutils",
  "dash",
  "libacl1",
  "libattr1",
  "libc6",
  "libgcc-s1",
  "libgmp10",
  "libpcre2-8-0",
  "libselinux1",
  "libtinfo6",
];

export const recipe: Recipe = {
  name: "qdrant",
  folder: import.meta.dirname,
  version: "1.18.3",
  standIn:
    "A stand-in for Qdrant: a part of its REST API over its own storage engine. No gRPC, no web UI, no snapshots.",
  seconds: 30,
  base: { users: [] },
  packages: { names: [...basePackages, ...pythonPackages], drop: [/gconv|(^|\/)etc\//, unusedPython] },
  wheel: {
    distribution: "qdrant_edge_py",
    requirements: "requirements.txt",
    package: "qdrant_edge",
    to: "usr/lib/xnai-standin/qdrant_edge",
  },
  links: { "usr/bin/sh": "dash" },
  files: {
    "usr/lib/xnai-standin/standin": "standin",
    "qdrant/qdrant": "qdrant",
    "qdrant/entrypoint.sh": "entrypoint.sh",
    "qdrant/config": "config",
  },
  start: {
    cmd: ["./entrypoint.sh"],
    env: { TZ: "Etc/UTC", RUN_MODE: "production" },
    user: "0:0",
    workdir: "/qdrant",
    ports: ["6333/tcp", "6334/tcp"],
  },
};
