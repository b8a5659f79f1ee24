// The start script of Postgres, run for real with a stand-in for the server: only one process works on a cluster.
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runServiceScript, standIns, startServiceScript } from "../../support/service-scripts.ts";
import { shells } from "../../support/shells.ts";

/** The stand-in serves as long as this file is there. */
const serving = "serving";
let folder: string;
beforeEach(() => {
  folder = standIns({
    postgres: `echo "postgres $* below $PPID"; while [ -e "$folder/${serving}" ]; do sleep 0.02; done`,
  });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Not every busybox has a flock of its own; the machine's does. */
const shellsWithFlock = shells.map((shell) => ({ ...shell, path: `${shell.path}:${process.env.PATH}` }));

describe.each(shellsWithFlock)("Postgres starts, in $name", (shell) => {
  const args = (lock = join(folder, "lock")) => [lock, "/run/xnai/postgresql.conf"];
  const start = (lock?: string) => runServiceScript(shell, "postgres/start.sh", args(lock), folder);
  const started = () => ({
    code: 0,
    stdout: `postgres -c config_file=/run/xnai/postgresql.conf below ${process.pid}`,
    stderr: "",
  });

  it("as the process that the script was, when nobody works on the cluster", () => {
    expect(start()).toEqual(started());
    expect(start(), "the lock file stays, and is free").toEqual(started());
  });

  it("not while another process works on the cluster, and again when that one has ended", async () => {
    writeFileSync(join(folder, serving), "");
    const first = startServiceScript(shell, "postgres/start.sh", args(), folder);
    await Promise.race([once(first.stdout, "data"), first]);
    expect(start()).toEqual({
      code: 1,
      stdout: "",
      stderr: "the database cluster is in use by another container",
    });
    rmSync(join(folder, serving));
    expect((await first).exitCode).toBe(0);
    expect(start()).toEqual(started());
  });

  it("not without its lock: the folder of the lock file is missing", () => {
    const { code, stdout, stderr } = start(join(folder, "missing", "lock"));
    expect(code).not.toBe(0);
    expect(stdout).toBe("");
    expect(stderr).toContain("missing/lock");
  });
});
