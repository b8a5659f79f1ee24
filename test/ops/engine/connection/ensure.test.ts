import { describe, expect, it } from "vitest";
import { exitCode } from "../../../../lib/errors.ts";
import { enginePlan } from "../../../../ops/engine/connection/ensure.ts";
import type { Machine } from "../../../../ops/engine/connection/machine.ts";

describe("enginePlan", () => {
  const machine: Machine = {
    user: "ann",
    root: true,
    debianLike: true,
    installed: false,
    podman: false,
    init: "systemd",
    packages: ["docker.io", "iptables"],
  };

  it.each([
    ["installs and starts on a bare Debian", machine, ["install", "start"]],
    ["only starts what is installed", { ...machine, installed: true }, ["start"]],
    ["starts what is installed on another system", { ...machine, installed: true, debianLike: false }, ["start"]],
    ["starts Podman's socket where only that is", { ...machine, podman: true }, ["start podman"]],
    ["starts Docker for root where both are", { ...machine, podman: true, installed: true }, ["start"]],
    [
      "starts Podman for its user where both are",
      { ...machine, podman: true, installed: true, root: false },
      ["start podman"],
    ],
  ])("%s", (_, on, steps) => {
    expect(enginePlan(on, true)).toEqual(steps);
  });

  it("does what is asked for, whatever else is there", () => {
    expect(enginePlan({ ...machine, podman: true }, true, "docker")).toEqual(["install", "start"]);
    expect(enginePlan({ ...machine, podman: true, installed: true }, true, "podman")).toEqual(["start podman"]);
    expect(() => enginePlan({ ...machine, installed: true }, true, "podman")).toThrow(
      expect.objectContaining({
        message: expect.stringContaining("Podman is not installed"),
        fix: expect.stringContaining("apt-get install podman"),
      }),
    );
  });

  it.each([
    [
      "Podman without consent",
      { ...machine, podman: true, root: false },
      false,
      "systemctl --user enable --now podman.socket podman-restart\nloginctl enable-linger ann",
    ],
    [
      "Podman of root without consent",
      { ...machine, podman: true },
      false,
      "systemctl enable --now podman.socket podman-restart",
    ],
    [
      "Podman without systemd",
      { ...machine, podman: true, root: false, init: "none" as const },
      true,
      "podman system service --time=0",
    ],
    [
      "without consent",
      machine,
      false,
      "--yes to have that done, or run: apt-get install docker.io iptables, then systemctl enable --now docker",
    ],
    ["without consent, installed", { ...machine, installed: true }, false, "or run: systemctl enable --now docker"],
    [
      "without root",
      { ...machine, root: false, init: "none" as const },
      true,
      "Run as root: apt-get install docker.io iptables, then service docker start. Then join its group (usermod -aG docker ann)",
    ],
    ["on another system", { ...machine, debianLike: false }, true, "dnf install moby-engine"],
  ])("%s it says which commands to run", (_, on, consent, fix) => {
    expect(() => enginePlan(on, consent)).toThrow(
      expect.objectContaining({ code: exitCode.machine, fix: expect.stringContaining(fix) }),
    );
  });
});
