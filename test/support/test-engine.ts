// A Docker engine with its own data, socket and network namespace.
import { spawn } from "node:child_process";
import { mkdirSync, openSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import Docker from "dockerode";
import { execa } from "execa";

export interface TestEngine {
  /** `unix:///...` */
  host: string;
  namespace: string;
  namespaceFile: string;
  folder: string;
  /** Process of `dockerd`. */
  pid: number;
  stop(): Promise<void>;
}

/** Starts `dockerd` on `folder` in the namespace and waits until it answers. */
export async function startDockerd(namespaceFile: string, folder: string): Promise<number> {
  const log = openSync(join(folder, "dockerd.log"), "a");
  const socket = join(folder, "docker.sock");
  const options = ["--data-root", "data", "--exec-root", "exec", "--pidfile", "dockerd.pid"];
  const args = options.map((item) => (item.startsWith("--") ? item : join(folder, item)));
  spawn("nsenter", [`--net=${namespaceFile}`, "dockerd", "-H", `unix://${socket}`, ...args], {
    detached: true,
    stdio: ["ignore", log, log],
  }).unref();
  const docker = new Docker({ socketPath: socket });
  for (let tries = 0; tries < 300; tries++) {
    if (
      await docker.ping().then(
        () => true,
        () => false,
      )
    )
      return Number(readFileSync(join(folder, "dockerd.pid"), "utf8"));
    await sleep(100);
  }
  throw new Error(`dockerd does not answer:\n${readFileSync(join(folder, "dockerd.log"), "utf8").slice(-2000)}`);
}

/** Ends a process and waits until it is gone, and collected: a new dockerd waits in vain for a containerd that is a zombie. */
export async function endProcess(pid: number, signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
  const gone = () => {
    try {
      process.kill(pid, 0);
      return false;
    } catch {
      return true;
    }
  };
  if (!gone()) process.kill(pid, signal);
  for (let tries = 0; tries < 600 && !gone(); tries++) await sleep(100);
  if (!gone()) process.kill(pid, "SIGKILL");
}

/** Network namespace of the engine that `npm run test:e2e` started for the tests alone; undefined with any other engine. */
export const ownNamespace = process.env.XNAI_TEST_NAMESPACE;

const ownFolder = () => dirname((process.env.DOCKER_HOST ?? "").replace("unix://", ""));

/** Ends the tests' own engine and its containerd, and waits until both are gone. */
export async function endOwnEngine(dockerd: NodeJS.Signals, containerd: NodeJS.Signals): Promise<void> {
  const pid = (file: string) => Number(readFileSync(join(ownFolder(), file), "utf8"));
  // Its containerd dies with it, a little later; an engine that starts in between would wait for that one.
  const second = pid("exec/containerd/containerd.pid");
  await endProcess(pid("dockerd.pid"), dockerd);
  await endProcess(second, containerd);
}

/** Starts the tests' own engine again. */
export const startOwnEngine = () => startDockerd(`/run/netns/${ownNamespace}`, ownFolder());

export async function startTestEngine(namespace: string): Promise<TestEngine> {
  const folder = await mkdtemp(join(tmpdir(), "xnai-engine-"));
  mkdirSync(join(folder, "data"));
  await execa("ip", ["netns", "add", namespace]);
  const namespaceFile = `/run/netns/${namespace}`;
  await execa("nsenter", [`--net=${namespaceFile}`, "ip", "link", "set", "lo", "up"]);
  const pid = await startDockerd(namespaceFile, folder);
  const stop = async () => {
    const now = Number(readFileSync(join(folder, "dockerd.pid"), "utf8"));
    await endProcess(now || pid);
    await execa("ip", ["netns", "delete", namespace], { reject: false });
    // dockerd mounts its data root on itself; one that was killed leaves the mount.
    await execa("umount", ["--recursive", join(folder, "data")], { reject: false });
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  };
  return { host: `unix://${join(folder, "docker.sock")}`, namespace, namespaceFile, folder, pid, stop };
}
