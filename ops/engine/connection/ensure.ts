// An engine in any case: the one that is there, or with the user's consent one that is installed and started.
import { EngineError } from "../../../lib/engine/connection-error.ts";
import { givenHost } from "../../../lib/engine/given-host.ts";
import type { EngineTraits } from "../../../lib/engine/traits.ts";
import type { Engine } from "./connect.ts";
import { type FindOptions, findEngine } from "./find.ts";
import { installDocker, startDocker } from "./install.ts";
import { type Machine, readMachine } from "./machine.ts";
import { podmanCommands, startPodman } from "./podman-socket.ts";

/** How to get an engine. */
export interface EnsureEngineOptions extends FindOptions {
  /** Whether the user agreed to installing and starting an engine (`--yes`). */
  readonly consent: boolean;
  /** Gets a line before each step that takes a while. @default nothing is said */
  readonly onProgress?: (line: string) => void;
}

/**
 * The engine to use. With consent, one that is installed is started: Docker by root, Podman by its user. On a Debian or Ubuntu
 * machine with neither, root gets Debian's docker.io.
 * @throws EngineError that says which commands to run when it may not or cannot do that
 */
export async function ensureEngine(options: EnsureEngineOptions): Promise<Engine> {
  const { consent, onProgress = () => {}, env = process.env, kind, home } = options;
  try {
    return await findEngine(options);
  } catch (error) {
    if (!(error instanceof EngineError) || givenHost(env)) throw error;
    const machine = readMachine();
    // Another engine answers: the stack's own is started, and none is installed for it.
    const mayStart = kind !== "podman" && home?.kind === "docker" && machine.installed && machine.root && consent;
    if (error.fault === "elsewhere" && !mayStart) throw error;
    if (!["absent", "stopped", "elsewhere"].includes(error.fault)) throw error;
    const steps = enginePlan(machine, consent, kind ?? home?.kind);
    if (steps.includes("start podman")) {
      await startPodman(machine, onProgress);
      return await findEngine({ ...options, kind: "podman" });
    }
    if (steps.includes("install")) await installDocker(machine, onProgress);
    return await startDocker(machine, onProgress);
  }
}

/** What is done to get an engine. */
export type EngineStep = "install" | "start" | "start podman";

/**
 * What to do on a machine where no engine answers. Pure.
 * @param wanted @default the one that is installed, and for root Docker before Podman
 * @throws EngineError with the commands that the user has to run
 */
export function enginePlan(
  machine: Machine,
  consent: boolean,
  wanted: EngineTraits["kind"] = usualKind(machine),
): readonly EngineStep[] {
  return wanted === "podman" ? podmanPlan(machine, consent) : dockerPlan(machine, consent);
}

const usualKind = ({ installed, podman, root }: Machine): EngineTraits["kind"] =>
  podman && !(installed && root) ? "podman" : "docker";

function dockerPlan(machine: Machine, consent: boolean): readonly EngineStep[] {
  const start = machine.init === "systemd" ? "systemctl enable --now docker" : "service docker start";
  const refuse = refusal("Docker", machine.installed);
  if (!machine.installed && !machine.debianLike)
    throw refuse(
      "Install Docker with this system's package manager (Fedora: dnf install moby-engine; Arch: pacman -S docker), start it (systemctl enable --now docker), and run the command again.",
    );
  const commands = machine.installed ? start : `apt-get install ${machine.packages.join(" ")}, then ${start}`;
  if (!machine.root)
    throw refuse(
      `Run as root: ${commands}. Then join its group (usermod -aG docker ${machine.user}), log in again and run the command again.`,
    );
  if (!consent) throw refuse(`Run the command again with --yes to have that done, or run: ${commands}.`);
  return machine.installed ? ["start"] : ["install", "start"];
}

function podmanPlan(machine: Machine, consent: boolean): readonly EngineStep[] {
  const refuse = refusal("Podman", machine.podman);
  const start = podmanCommands(machine).map((command) => command.join(" "));
  if (!machine.podman)
    throw refuse(
      `Install it with this system's package manager (Debian and Ubuntu: apt-get install podman; Fedora: dnf install podman), then run: ${start.join(", then ")}.`,
    );
  if (machine.init !== "systemd")
    throw refuse(`Run in another terminal: ${start.join("")}. Then run the command again.`);
  if (!consent)
    throw refuse(`Run the command again with --yes to have its socket started, or run:\n${start.join("\n")}`);
  return ["start podman"];
}

const refusal = (name: string, installed: boolean) => (fix: string) =>
  new EngineError(
    installed ? "stopped" : "absent",
    `${name} ${installed ? "is installed but not running" : "is not installed"} on this machine.`,
    fix,
  );
