// Why a Docker engine cannot be used, in one sentence, and what to do about it.
import { exitCode, XnaiError } from "../errors.ts";

/**
 * `absent`: no socket; `stopped`: a socket that nobody listens on; `denied`: no permission; `unanswered`: no answer, or
 * none that makes sense; `unsupported`: an engine or an address that the stack does not work with.
 */
export type EngineFault = "absent" | "stopped" | "denied" | "unanswered" | "unsupported";

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
  switch (error.code) {
    case "ENOENT":
      return fault(
        "absent",
        `No Docker engine: ${host} does not exist.`,
        checkHost ??
          "Run `npm run up -- --yes` as root: it installs one on Debian and Ubuntu. Or install Docker and start it.",
      );
    case "EACCES":
    case "EPERM":
      return fault(
        "denied",
        `No permission to use the Docker engine at ${host}.`,
        "Join its group (sudo usermod -aG docker $USER, then log in again; members of it can become root), or run rootless Docker (dockerd-rootless-setuptool.sh install).",
      );
    case "ECONNREFUSED":
      return fault(
        "stopped",
        `The Docker engine at ${host} is not running.`,
        checkHost ?? "Start it (sudo systemctl start docker), or run `npm run up -- --yes` as root, which does.",
      );
    default:
      return fault(
        "unanswered",
        error.name === "AbortError" || error.name === "TimeoutError"
          ? `The Docker engine at ${host} did not answer within ${waitedMs / 1000} s.`
          : `The Docker engine at ${host} cannot be used: ${error.message}`,
        checkHost ?? "Look at its log (journalctl -u docker), then restart it (sudo systemctl restart docker).",
      );
  }
}

/**
 * Whether a call that an engine had answered before failed because the engine is gone: nobody listens any more, or the
 * connection that was kept from the last call was closed, before the question (EPIPE) or the answer (ECONNRESET).
 */
export function isGone(error: unknown): error is NodeJS.ErrnoException {
  const { syscall, code } = error as NodeJS.ErrnoException;
  return syscall === "connect" || code === "ECONNRESET" || code === "EPIPE";
}
