// The Docker engine that the stack runs on: found, or with the user's consent installed and started.
import { userInfo } from "node:os";
import { join } from "node:path";
import { connect, type Engine, EngineError } from "./connect.ts";
import { defaultHost, installDocker, type Machine, readMachine, startDocker } from "./install.ts";

export { type Engine, EngineError } from "./connect.ts";

/**
 * The engine to use. DOCKER_HOST decides alone when it is set; otherwise the first that answers.
 * @throws EngineError (3) about the engine that came nearest to working
 */
export async function findEngine(env: NodeJS.ProcessEnv = process.env): Promise<Engine> {
  const faults: EngineError[] = [];
  for (const host of candidateHosts(env)) {
    try {
      return await connect(host, env);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      faults.push(error);
    }
  }
  throw faults.find((error) => error.fault !== "absent") ?? faults[0];
}

/** Pure: where to look, in this order. */
export function candidateHosts(env: NodeJS.ProcessEnv): string[] {
  if (env.DOCKER_HOST) return [env.DOCKER_HOST];
  const runtime = env.XDG_RUNTIME_DIR || `/run/user/${userInfo().uid}`;
  return [defaultHost, `unix://${join(runtime, "docker.sock")}`];
}

export interface EnsureEngineOptions {
  /** Whether the user agreed to installing and starting an engine (`--yes`). */
  readonly consent: boolean;
  readonly onProgress?: (line: string) => void;
  /** @default process.env */
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * The engine to use; on a Debian or Ubuntu machine without one, and with consent and root, Debian's docker.io is
 * installed and started, or only started.
 * @throws EngineError (3) that says which commands to run when it may not or cannot
 */
export async function ensureEngine(options: EnsureEngineOptions): Promise<Engine> {
  const { consent, onProgress = () => {}, env = process.env } = options;
  try {
    return await findEngine(env);
  } catch (error) {
    if (!(error instanceof EngineError) || env.DOCKER_HOST) throw error;
    if (error.fault !== "absent" && error.fault !== "stopped") throw error;
    const machine = readMachine();
    const steps = enginePlan(machine, consent);
    if (steps.includes("install")) await installDocker(machine, onProgress);
    return await startDocker(machine, onProgress);
  }
}

/**
 * Pure: what to do on a machine where no engine answers.
 * @throws EngineError (3) with the commands that the user has to run
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
