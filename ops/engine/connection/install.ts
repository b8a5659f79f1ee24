// Installs Debian's Docker engine and starts it, by the machine's init system or, where there is none, as a daemon of its own.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { failureLines } from "../../../lib/command-failure.ts";
import { EngineError } from "../../../lib/engine/connection-error.ts";
import { defaultHost } from "../../../lib/engine/docker-host.ts";
import { connect, type Engine } from "./connect.ts";
import { type Machine, systemPath } from "./machine.ts";

/** The log of a dockerd that no init system started. */
const daemonLog = "/var/log/xnai-dockerd.log";

/** How long a started engine may take until it answers, milliseconds. */
const startWithinMs = 60_000;

/** Installs the engine's packages from the machine's own Debian or Ubuntu mirror. @throws EngineError */
export async function installDocker(machine: Machine, onProgress: (line: string) => void): Promise<void> {
  onProgress(`engine: installing ${machine.packages.join(", ")} with apt-get, about a minute`);
  const options = { env: { DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" }, stdin: "ignore" } as const;
  const lock = ["-o", "DPkg::Lock::Timeout=120"];
  try {
    // Fails when any third-party source is broken; whether the packages are there shows in the next step.
    await execa("apt-get", ["update", "-qq", ...lock], { ...options, reject: false });
    await execa("apt-get", ["install", "-qq", "--no-install-recommends", ...lock, ...machine.packages], options);
  } catch (error) {
    throw new EngineError(
      "absent",
      `Docker could not be installed: ${reason(error)}`,
      `Run apt-get update and apt-get install ${machine.packages.join(" ")}, look at what they say, then run the command again.`,
      { cause: error },
    );
  }
}

/** Starts the installed engine and waits until it answers. @throws EngineError with the engine's last words */
export async function startDocker(machine: Machine, onProgress: (line: string) => void): Promise<Engine> {
  if (machine.init === "none") {
    onProgress(`engine: starting dockerd (log in ${daemonLog}; nothing starts it again when the machine boots)`);
    return startDaemon({ host: defaultHost, log: daemonLog });
  }
  const [command, ...args] =
    machine.init === "systemd" ? ["systemctl", "enable", "--now", "docker"] : ["service", "docker", "start"];
  onProgress(`engine: ${command} ${args.join(" ")}`);
  try {
    await execa(command as string, args, { stdin: "ignore" });
    return await answering(defaultHost);
  } catch (error) {
    throw new EngineError(
      "stopped",
      `The Docker engine did not start: ${reason(error)}`,
      machine.init === "systemd"
        ? "Look at journalctl -u docker, then run the command again."
        : "Look at /var/log/docker.log, then run the command again.",
      { cause: error },
    );
  }
}

/** How to run dockerd. */
export interface DaemonOptions {
  /** The socket to listen on, `unix:///...`. */
  readonly host: string;
  /** File that the daemon's output is added to. */
  readonly log: string;
  /** More arguments of dockerd, such as `--data-root`. */
  readonly args?: readonly string[];
}

/**
 * Starts dockerd so that it outlives this process and its terminal: a session of its own, output to a file, nothing
 * of the caller's environment but the proxy settings, and as many open files as the machine grants.
 * @throws EngineError with its last words when it ends or does not answer within a minute
 */
export async function startDaemon(options: DaemonOptions): Promise<Engine> {
  const { host, log, args = [] } = options;
  const output = openSync(log, "a", 0o640);
  const proxies = Object.entries(process.env).filter(([name]) => /^(https?|no|all)_proxy$/i.test(name));
  const script = 'ulimit -Sn "$(ulimit -Hn)"; exec dockerd "$@"';
  const child = spawn("/bin/sh", ["-c", script, "dockerd", "--host", host, ...args], {
    cwd: "/",
    detached: true,
    env: { PATH: systemPath, ...Object.fromEntries(proxies) },
    stdio: ["ignore", output, output],
  });
  closeSync(output);
  child.unref();
  const over = new AbortController();
  const ended = once(child, "exit").then(([code]) => {
    over.abort();
    throw new Error(`it ended with exit code ${code}`);
  });
  try {
    return await Promise.race([answering(host, over.signal), ended]);
  } catch (error) {
    const last = readFileSync(log, "utf8").trim().split("\n").slice(-3).join("\n");
    throw new EngineError(
      "stopped",
      `The Docker engine did not start: ${reason(error)}\n${last}`,
      `Look at ${log}, then run the command again.`,
      { cause: error },
    );
  }
}

/** Waits until the engine answers. @throws EngineError after a minute, or once `signal` says that there is no point */
async function answering(host: string, signal?: AbortSignal): Promise<Engine> {
  const deadline = Date.now() + startWithinMs;
  for (;;) {
    try {
      return await connect(host);
    } catch (error) {
      if (Date.now() > deadline || signal?.aborted) throw error;
      await sleep(100);
    }
  }
}

/** What a failed command, or a daemon that did not answer, says of the reason: apt marks its errors with E:. */
function reason(error: unknown): string {
  return failureLines(error as Error, { marked: /^E:/, last: 2 }).join(" ");
}
