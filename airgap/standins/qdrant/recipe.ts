/**
 * A stand-in for Qdrant, laid out as the official image is (Debian 12, bash, everything in /qdrant, user root): the
 * server in Python is standin/, the storage engine is the genuine one, from PyPI.
 */
import { join } from "node:path";
import { baseTree } from "../../images/lib/base.ts";
import { addPackages } from "../../images/lib/debian.ts";
import { versions } from "../../images/names.ts";
import type { Recipe } from "../../images/recipe.ts";
import { addEngine } from "./engine.ts";
import { python } from "./python.ts";

/** What Debian's base system has of use here: no curl, no wget, as in the official image. */
const base = [
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
  standIn:
    "A stand-in for Qdrant: a part of its REST API over its own storage engine. No gRPC, no web UI, no snapshots.",
  seconds: 30,
  async build(context) {
    const tree = baseTree();
    await addPackages(
      context,
      tree,
      [...base, ...python.packages],
      (path) => !/gconv|(^|\/)etc\//.test(path) && python.keep(path),
    );
    tree.symlink("usr/bin/sh", "dash");
    await addEngine(context, tree);
    tree.hostDirectory("usr/lib/xnai-standin/standin", join(import.meta.dirname, "standin"));
    for (const program of ["qdrant", "entrypoint.sh"]) {
      tree.hostFile(`qdrant/${program}`, join(import.meta.dirname, program), { mode: 0o755 });
    }
    tree.hostDirectory("qdrant/config", join(import.meta.dirname, "config"));
    return {
      version: `${versions.qdrant}-standin`,
      tree,
      cmd: ["./entrypoint.sh"],
      env: { TZ: "Etc/UTC", RUN_MODE: "production" },
      user: "0:0",
      workdir: "/qdrant",
      ports: ["6333/tcp", "6334/tcp"],
    };
  },
};
