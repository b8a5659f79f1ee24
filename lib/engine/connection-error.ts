// Why an engine cannot be used, in one sentence, and what to do about it.
import { exitCode, XnaiError } from "../errors.ts";

/**
 * `absent`: no socket; `stopped`: a socket that nobody listens on; `denied`: no permission; `unanswered`: no answer, or
 * none that makes sense; `unsupported`: an engine or an address that the stack does not work with; `elsewhere`: one that is not
 * the stack's own.
 */
export type EngineFault = "absent" | "stopped" | "denied" | "unanswered" | "unsupported" | "elsewhere";

/** No engine to work with; every command ends with 3 (machine) then. */
export class EngineError extends XnaiError {
  readonly fault: EngineFault;

  constructor(fault: EngineFault, message: string, fix: string, options?: ErrorOptions) {
    super(exitCode.machine, message, fix, options);
    this.fault = fault;
  }
}

/**
 * What a failed connection means, by its error code, and what to do. Pure.
 * @param options.waitedMs how long an answer was waited for at most
 * @param options.from where the user named that engine, such as `DOCKER_HOST`
 */
export function connectionError(
  host: string,
  error: NodeJS.ErrnoException,
  { waitedMs, from }: { waitedMs: number; from?: string | undefined },
): EngineError {
  const checkHost = from && `Check ${from}, which names it; without it the engine of this machine is used.`;
  const fault = (kind: EngineFault, message: string, fix: string) =>
    new EngineError(kind, message, fix, { cause: error });
  const { name, start, look, allow } = wordsFor(host);
  switch (error.code) {
    case "ENOENT":
      return fault(
        "absent",
        `No engine: ${host} does not exist.`,
        checkHost ??
          "Run `npm run up -- --yes`: it starts Podman's socket where Podman is installed, and as root on Debian and Ubuntu it installs Docker. Or start one yourself.",
      );
    case "EACCES":
    case "EPERM":
      // Root's Podman is there on every machine that has Podman, and is meant by root only.
      return fault(
        !from && name === "Podman" ? "absent" : "denied",
        `No permission to use the ${name} engine at ${host}.`,
        allow,
      );
    case "ECONNREFUSED":
      return fault(
        "stopped",
        `The ${name} engine at ${host} is not running.`,
        checkHost ?? `Start it (${start}), or run \`npm run up -- --yes\`, which does.`,
      );
    default:
      return fault(
        "unanswered",
        error.name === "AbortError" || error.name === "TimeoutError"
          ? `The ${name} engine at ${host} did not answer within ${waitedMs / 1000} s.`
          : `The ${name} engine at ${host} cannot be used: ${error.message}`,
        checkHost ?? look,
      );
  }
}

/** Commands for the engine that listens at an address. */
function wordsFor(host: string): Record<"name" | "start" | "look" | "allow", string> {
  if (!/\bpodman\b/.test(host))
    return {
      name: "Docker",
      start: "sudo systemctl start docker",
      look: "Look at its log (journalctl -u docker), then restart it (sudo systemctl restart docker).",
      allow:
        "Join its group (sudo usermod -aG docker $USER, then log in again; members of it can become root), or run rootless Docker (dockerd-rootless-setuptool.sh install) or Podman.",
    };
  const systemctl = /^unix:\/\/(?:\/var)?\/run\/podman\//.test(host) ? "sudo systemctl" : "systemctl --user";
  return {
    name: "Podman",
    start: `${systemctl} enable --now podman.socket`,
    look: `Look at its log (${systemctl.replace("systemctl", "journalctl")} -u podman), then restart it (${systemctl} restart podman.socket).`,
    allow:
      "That one is root's. Start your own: systemctl --user enable --now podman.socket podman-restart, then loginctl enable-linger.",
  };
}

/**
 * Whether a call that an engine had answered before failed because the engine is gone: nobody listens any more, or the
 * connection that was kept from the last call was closed, before the question (EPIPE) or the answer (ECONNRESET).
 */
export function isGone(error: unknown): error is NodeJS.ErrnoException {
  const { syscall, code } = error as NodeJS.ErrnoException;
  return syscall === "connect" || code === "ECONNRESET" || code === "EPIPE";
}
