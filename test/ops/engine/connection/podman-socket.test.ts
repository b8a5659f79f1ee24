// Starting Podman's socket, with a systemd that notes what it is told.
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { exitCode } from "../../../../lib/errors.ts";
import type { Machine } from "../../../../ops/engine/connection/machine.ts";
import { startPodman } from "../../../../ops/engine/connection/podman-socket.ts";

afterEach(() => vi.unstubAllEnvs());

const machine: Machine = {
  user: "ann",
  root: false,
  debianLike: true,
  installed: false,
  podman: true,
  init: "systemd",
  packages: [],
};

/** @returns what it was told */
function systemd(exit = 0): () => string[] {
  const folder = mkdtempSync(join(tmpdir(), "xnai systemd "));
  const noted = join(folder, "noted");
  for (const name of ["systemctl", "loginctl"])
    writeFileSync(
      join(folder, name),
      `#!/bin/sh\necho "${name} $*" >> '${noted}'\n[ ${exit} = 0 ] || echo "Failed to connect to bus: No medium found" >&2\nexit ${exit}\n`,
      { mode: 0o755 },
    );
  vi.stubEnv("PATH", `${folder}:${process.env.PATH}`);
  return () => readFileSync(noted, "utf8").trim().split("\n");
}

it("the user's, which stays when the user logs out", async () => {
  const told = systemd();
  const lines: string[] = [];
  await startPodman(machine, (line) => lines.push(line));
  expect(told()).toEqual(["systemctl --user enable --now podman.socket podman-restart", "loginctl enable-linger ann"]);
  expect(lines).toEqual(told().map((line) => `engine: ${line}`));
});

it("root's", async () => {
  const told = systemd();
  await startPodman({ ...machine, root: true }, () => {});
  expect(told()).toEqual(["systemctl enable --now podman.socket podman-restart"]);
});

it("says what systemd says, and the command", async () => {
  systemd(1);
  await expect(startPodman(machine, () => {})).rejects.toMatchObject({
    code: exitCode.machine,
    message: expect.stringContaining("Failed to connect to bus"),
    fix: expect.stringContaining("systemctl --user enable --now podman.socket podman-restart"),
  });
});
