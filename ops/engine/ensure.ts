// An engine in any case: the one that is there, or with the user's consent one that is installed and started.
import { EngineError } from "../../lib/engine/connection-error.ts";
import { givenHost } from "../../lib/engine/given-host.ts";
import type { Engine } from "./connect.ts";
import { findEngine } from "./find.ts";
import { installDocker, startDocker } from "./install.ts";
import { type Machine, readMachine } from "./machine.ts";

/** How to get an engine. */
export interface EnsureEngineOptions {
  /** Whether the user agreed to installing and starting an engine (`--yes`). */
  readonly consent: boolean;
  /** Gets a line before each step that takes a while. @default nothing is said */
  readonly onProgress?: (line: string) => void;
  /** @default process.env */
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * The engine to use. On a Debian or Ubuntu machine without one, and with consent and root, Debian's docker.io is
 * installed and started; one that is installed is only started.
 * @throws EngineError that says which commands to run when it may not or cannot do that
 */
export async function ensureEngine(options: EnsureEngineOptions): Promise<Engine> {
  const { consent, onProgress = () => {}, env = process.env } = options;
  try {
    return await findEngine(env);
  } catch (error) {
    if (!(error instanceof EngineError) || givenHost(env)) throw error;
    if (error.fault !== "absent" && error.fault !== "stopped") throw error;
    const machine = readMachine();
    const steps = enginePlan(machine, consent);
    if (steps.includes("install")) await installDocker(machine, onProgress);
    return await startDocker(machine, onProgress);
  }
}

/**
 * What to do on a machine where no engine answers. Pure.
 * @throws EngineError with the commands that the user has to run
 */
export function enginePlan(machine: Machine, consent: boolean): readonly ("install" | "start")[] {
  const start = machine.init === "systemd" ? "systemctl enable --now docker" : "service docker start";
  const missing = machine.installed ? "is installed but not running" : "is not installed";
  const refuse = (fix: string) => {
    throw new EngineError(
      machine.installed ? "stopped" : "absent",
      `The Docker engine ${missing} on this machine.`,
      fix,
    );
  };
  if (!machine.installed && !machine.debianLike) {
    refuse(
      "Install Docker with this system's package manager (Fedora: dnf install moby-engine; Arch: pacman -S docker), start it (systemctl enable --now docker), and run the command again.",
    );
  }
  const commands = machine.installed ? start : `apt-get install ${machine.packages.join(" ")}, then ${start}`;
  if (!machine.root)
    refuse(
      `Run as root: ${commands}. Then join its group (usermod -aG docker ${machine.user}), log in again and run the command again.`,
    );
  if (!consent) refuse(`Run the command again with --yes to have that done, or run: ${commands}.`);
  return machine.installed ? ["start"] : ["install", "start"];
}
