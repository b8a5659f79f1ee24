// The start script of Redis, run for real with a stand-in for the server: what it does to the files.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { runServiceScript, standIns } from "../../support/service-scripts.ts";
import { type Shell, shells } from "../../support/shells.ts";

/** Runs the script on a directory of its own, with a `redis-server` and a `redis-cli` that say how they were called. */
function startIn(shell: Shell, persistence: "aof" | "snapshot" | "none", files: Record<string, string>) {
  const wait = 'while [ ! -e "$folder/stop" ]; do sleep 0.05; done';
  const folder = standIns({
    "redis-server": `echo "server $*"; : > "$folder/up"; case $* in *unixsocket*) ${wait} ;; esac`,
    "redis-cli": 'case $* in *ping) [ ! -e "$folder/up" ] || echo PONG ;; *save) : > "$folder/stop"; echo OK ;; esac',
  });
  const data = join(folder, "data");
  mkdirSync(data);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(data, name)), { recursive: true });
    writeFileSync(join(data, name), content);
  }
  const { code, stdout, stderr } = runServiceScript(
    shell,
    "redis/start.sh",
    [persistence, data, "/run/xnai/redis.conf"],
    folder,
  );
  expect(code, stderr).toBe(0);
  const read = (name: string) => (existsSync(join(data, name)) ? readFileSync(join(data, name), "utf8") : undefined);
  return { said: stdout.trim().split("\n"), read };
}

const serves = "server /run/xnai/redis.conf";

describe.each(shells)("Redis starts with the data that is there, in $name", (shell) => {
  const start = (persistence: "aof" | "snapshot" | "none", files: Record<string, string>) =>
    startIn(shell, persistence, files);

  it("and does nothing to it when it is in the right form, or when there is none", () => {
    expect(start("aof", {}).said).toEqual([serves]);
    expect(start("snapshot", { "dump.rdb": "d" }).said).toEqual([serves]);
    expect(start("none", { "dump.rdb": "d" }).said).toEqual([serves]);
    const { said, read } = start("aof", { "dump.rdb": "old", "appendonlydir/x": "new" });
    expect(said).toEqual([serves]);
    expect(read("appendonlydir/appendonly.aof.manifest")).toBeUndefined();
  });

  it("a snapshot becomes the base of an append-only file", () => {
    const { said, read } = start("aof", { "dump.rdb": "d" });
    expect(said).toEqual(["taking dump.rdb over into the append-only file", serves]);
    expect(read("appendonlydir/appendonly.aof.1.base.rdb")).toBe("d");
    expect(read("appendonlydir/appendonly.aof.manifest")).toBe("file appendonly.aof.1.base.rdb seq 1 type b\n");
    expect(read("dump.rdb")).toBe("d");
  });

  it("an append-only file is saved as a snapshot by a server that nobody can reach, and is then gone", () => {
    const { said, read } = start("snapshot", { "appendonlydir/x": "new" });
    expect(said[0]).toBe("taking the append-only file over into dump.rdb");
    expect(said[1]).toMatch(/^server --dir .* --port 0 --unixsocket .* --appendonly yes/);
    expect(said.at(-1)).toBe(serves);
    expect(read("appendonlydir/x")).toBeUndefined();
  });
});
