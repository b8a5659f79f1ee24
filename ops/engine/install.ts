// Installs Debian's Docker engine and starts it, by the machine's init system or, where there is none, as a daemon of its own.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { failureLines } from "../../lib/command-failure.ts";
import { connect, type Engine, EngineError } from "./connect.ts";

export const defaultHost = "unix:///var/run/docker.sock";

/** What dockerd says when nobody else keeps its log. */
const daemonLog = "/var/log/xnai-dockerd.log";
const startWithinMs = 60_000;
/** dockerd calls iptables, containerd and runc by name; a user's PATH may lack sbin. */
const path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** What decides how an engine can be had here. */
export interface Machine {
  readonly user: string;
  readonly root: boolean;
  /** Debian, Ubuntu or a child of theirs. */
  readonly debianLike: boolean;
  /** Whether `dockerd` is there. */
  readonly installed: boolean;
  /** What runs services here. */
  readonly init: "systemd" | "sysv" | "none";
  /** Packages that the engine needs here. */
  readonly packages: readonly string[];
}

export function readMachine(root = ""): Machine {
  const has = (file: string) => existsSync(`${root}${file}`);
  const read = (file: string) => (has(file) ? readFileSync(`${root}${file}`, "utf8") : "");
  const { username, uid } = userInfo();
  const packages = ["docker.io", "iptables"];
  // Without the first every container fails on a kernel with AppArmor; without the second on one where nobody mounts cgroups.
  if (read("/sys/module/apparmor/parameters/enabled").startsWith("Y")) packages.push("apparmor");
  if (!/^\S+ \S+ cgroup2? /m.test(read("/proc/mounts"))) packages.push("cgroupfs-mount");
  return {
    user: username,
    root: uid === 0,
    debianLike: /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(read("/etc/os-release")) && has("/usr/bin/apt-get"),
    installed: path.split(":").some((folder) => has(`${folder}/dockerd`)),
    init: has("/run/systemd/system") ? "systemd" : has("/run/initctl") ? "sysv" : "none",
    packages,
  };
}

/** Installs the engine's packages from the machine's own Debian or Ubuntu mirror. @throws EngineError (3) */
export async function installDocker(machine: Machine, onProgress: (line: string) => void): Promise<void> {
  onProgress(`engine: installing ${machine.packages.join(", ")} with apt-get, about a minute`);
  const options = { env: { DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" }, stdin: "ignore" } as const;
  const lock = ["-o", "DPkg::Lock::Timeout=120"];
  try {
    // A broken third-party source must not be in the way: what is missing shows in the next step.
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

/** Starts the installed engine and waits until it answers. @throws EngineError (3) with the engine's last words */
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
 * @throws EngineError (3) with its last words when it ends or does not answer within a minute
 */
export async function startDaemon(options: DaemonOptions): Promise<Engine> {
  const { host, log, args = [] } = options;
  const output = openSync(log, "a", 0o640);
  const proxies = Object.entries(process.env).filter(([name]) => /^(https?|no|all)_proxy$/i.test(name));
  const script = 'ulimit -Sn "$(ulimit -Hn)"; exec dockerd "$@"';
  const child = spawn("/bin/sh", ["-c", script, "dockerd", "--host", host, ...args], {
    cwd: "/",
    detached: true,
    env: { PATH: path, ...Object.fromEntries(proxies) },
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
