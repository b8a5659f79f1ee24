import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { plainDocker } from "../../../../lib/engine/traits.ts";
import { exitCode } from "../../../../lib/errors.ts";
import { checkNofile, nofileLimit } from "../../../../ops/engine/preflight/open-files.ts";

describe("open files", () => {
  const engine = { host: "unix:///var/run/docker.sock", local: true, traits: plainDocker };

  function proc(
    processes: Record<
      number,
      { name: string; parent: number; hard: string; capabilities?: string; command?: string; listens?: string }
    >,
  ): string {
    const at = mkdtempSync(join(tmpdir(), "xnai engine "));
    for (const [pid, each] of Object.entries(processes)) {
      const { name, parent, hard, capabilities = "000001fffeffffff", command = "", listens } = each;
      mkdirSync(join(at, pid, "fd"), { recursive: true });
      mkdirSync(join(at, pid, "net"));
      // Both see each other's sockets, as in one network namespace; only one has it open.
      writeFileSync(join(at, pid, "net/unix"), "0000: 00000002 00000000 00010000 0001 01 77 /run/docker.sock\n");
      symlinkSync(listens ?? "/dev/null", join(at, pid, "fd/3"));
      writeFileSync(join(at, pid, "status"), `Name:\t${name}\nPPid:\t${parent}\nCapEff:\t${capabilities}\n`);
      writeFileSync(
        join(at, pid, "limits"),
        `Limit   Soft   Hard   Units\nMax open files            1024                 ${hard}                files\n`,
      );
      writeFileSync(join(at, pid, "cmdline"), command);
    }
    mkdirSync(join(at, "sys/fs"), { recursive: true });
    writeFileSync(join(at, "sys/fs/nr_open"), "1048576\n");
    return at;
  }

  it.each([
    [
      "what its own containerd has",
      {
        10: { name: "dockerd", parent: 1, hard: "5000" },
        11: { name: "containerd", parent: 10, hard: "4000" },
        12: { name: "containerd", parent: 1, hard: "3000" },
      },
      4000,
    ],
    [
      "what the machine's containerd has",
      { 10: { name: "dockerd", parent: 1, hard: "5000" }, 12: { name: "containerd", parent: 1, hard: "3000" } },
      3000,
    ],
    [
      "what the kernel allows with CAP_SYS_RESOURCE",
      { 10: { name: "dockerd", parent: 1, hard: "5000", capabilities: "000001ffffffffff" } },
      1048576,
    ],
    [
      "what the kernel allows when nothing limits it",
      { 10: { name: "dockerd", parent: 1, hard: "unlimited" } },
      1048576,
    ],
    [
      "what the daemon that listens on this socket has, whatever else runs",
      {
        10: { name: "dockerd", parent: 1, hard: "5000" },
        20: { name: "dockerd", parent: 1, hard: "6000", listens: "socket:[77]" },
        30: { name: "dockerd", parent: 1, hard: "7000", command: "dockerd\0-H\0unix:///var/run/docker.sock" },
      },
      6000,
    ],
    [
      "nothing known of it when only another one runs",
      { 10: { name: "dockerd", parent: 1, hard: "5000", command: "dockerd\0-H\0unix:///tmp/other.sock" } },
      undefined,
    ],
    [
      "nothing known of it when two may be it",
      { 10: { name: "dockerd", parent: 1, hard: "5000" }, 20: { name: "dockerd", parent: 1, hard: "6000" } },
      undefined,
    ],
    [
      "what the daemon of this socket has",
      {
        10: { name: "dockerd", parent: 1, hard: "5000" },
        20: { name: "dockerd", parent: 1, hard: "6000", command: "dockerd\0-H\0unix:///var/run/docker.sock" },
      },
      6000,
    ],
    ["nothing it knows when it sees no daemon", { 10: { name: "bash", parent: 1, hard: "5000" } }, undefined],
  ])("an engine grants %s", (_, processes, limit) => {
    expect(nofileLimit(engine, proc(processes))).toBe(limit);
  });

  it("asks nothing of Docker's daemon about Podman", () => {
    const at = proc({ 10: { name: "dockerd", parent: 1, hard: "5000" } });
    expect(nofileLimit({ ...engine, traits: { ...plainDocker, kind: "podman" } }, at)).toBeUndefined();
  });

  it("asks nothing of this machine about an engine elsewhere", () => {
    expect(nofileLimit({ ...engine, local: false }, "/does/not/exist")).toBeUndefined();
  });

  it("names every key that asks for more than the engine grants", () => {
    const at = proc({ 10: { name: "dockerd", parent: 1, hard: "20000" } });
    expect(() =>
      checkNofile(
        engine,
        { "resources.redis.nofile": 20000, "resources.qdrant.nofile": 20001, "resources.caddy.nofile": 65536 },
        at,
      ),
    ).toThrow(
      expect.objectContaining({
        code: exitCode.machine,
        message:
          "resources.qdrant.nofile is 20001, resources.caddy.nofile is 65536, but the Docker engine at unix:///var/run/docker.sock may grant a container at most 20000 open files.",
      }),
    );
    expect(() => checkNofile(engine, { redis: 20000 }, at)).not.toThrow();
  });
});
