// Starts the socket on which Podman answers: nothing of it runs until somebody asks there.
import { execa } from "execa";
import { failureLines } from "../../../lib/command-failure.ts";
import { EngineError } from "../../../lib/engine/connection-error.ts";
import type { Machine } from "./machine.ts";

/**
 * The commands that start it for the user who runs this: root's own, or the user's, which also has to stay when the user logs
 * out (enable-linger). podman-restart starts the containers after a reboot. Without systemd one that stays in the foreground. Pure.
 */
export function podmanCommands({ root, init, user }: Machine): string[][] {
  if (init !== "systemd")
    return [["podman", "system", "service", "--time=0", root ? "unix:///run/podman/podman.sock" : ""].filter(Boolean)];
  if (root) return [["systemctl", "enable", "--now", "podman.socket", "podman-restart"]];
  return [
    ["systemctl", "--user", "enable", "--now", "podman.socket", "podman-restart"],
    ["loginctl", "enable-linger", user],
  ];
}

/** @throws EngineError with what systemd says */
export async function startPodman(machine: Machine, onProgress: (line: string) => void): Promise<void> {
  for (const [command = "", ...args] of podmanCommands(machine)) {
    onProgress(`engine: ${command} ${args.join(" ")}`);
    try {
      await execa(command, args, { stdin: "ignore" });
    } catch (error) {
      throw new EngineError(
        "stopped",
        `Podman's socket did not start: ${failureLines(error as Error, { last: 2 }).join(" ")}`,
        `Run it yourself: ${command} ${args.join(" ")}. Then run the command again.`,
        { cause: error },
      );
    }
  }
}
