// Open files (`nofile`, as ulimit calls them) that an engine may grant to a container: looked up before anything is
// changed, because the engine refuses only while it starts one.
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { limitsKey, type StackConfig } from "../../../components/config/keys/base.ts";
import { defaultNofile } from "../../../components/engine/hardening.ts";
import { servicesOn } from "../../../components/services.ts";
import { defaultHost } from "../../../lib/engine/docker-host.ts";
import { exitCode, XnaiError } from "../../../lib/errors.ts";
import type { Engine } from "../connection/connect.ts";

/** CAP_SYS_RESOURCE (linux/capability.h): a process that has it may raise a limit above its own, up to fs.nr_open. */
const capSysResource = 1n << 24n;

/** Open files that each service which is on asks for, by the key that sets them. */
export function requestedNofile(config: StackConfig): Record<string, number> {
  return Object.fromEntries(
    servicesOn(config).map(({ name }) => [
      `${limitsKey(config, name)}.nofile`,
      config.resources[name]?.nofile ?? defaultNofile,
    ]),
  );
}

/**
 * Makes sure that the engine may grant these numbers of open files.
 * @param requested for each service by its key, `resources.<service>.nofile`
 * @param proc where to look for processes. @default /proc
 * @throws XnaiError (machine) that names every key which asks for more
 */
export function checkNofile(
  engine: Pick<Engine, "host" | "local" | "traits">,
  requested: Readonly<Record<string, number>>,
  proc = "/proc",
): void {
  const limit = nofileLimit(engine, proc);
  const over = Object.entries(requested).filter(([, nofile]) => limit !== undefined && nofile > limit);
  if (over.length === 0) return;
  const asked = over.map(([key, nofile]) => `${key} is ${nofile}`).join(", ");
  throw new XnaiError(
    exitCode.machine,
    `${asked}, but the Docker engine at ${engine.host} may grant a container at most ${limit} open files.`,
    `Set ${over.length === 1 ? "it" : "them"} to ${limit} or less, or start the engine with a higher limit (LimitNOFILE of its service).`,
  );
}

/**
 * The highest number of open files that containers of this engine may have; undefined when it cannot be seen from here, as with
 * an engine on another machine, or with several of which nobody knows which is meant. Containers inherit it from containerd,
 * which either dockerd or the machine started. Podman's are not asked for any (components/engine/).
 * @param proc where to look for processes. @default /proc
 */
export function nofileLimit(engine: Pick<Engine, "host" | "local" | "traits">, proc = "/proc"): number | undefined {
  if (!engine.local || engine.traits.kind !== "docker") return undefined;
  const processes = readProcesses(proc);
  const daemon = daemonOf(
    proc,
    processes.filter(({ name }) => name === "dockerd"),
    sameSocket(engine.host.slice("unix://".length)),
  );
  if (!daemon) return undefined;
  const containerds = processes.filter(({ name }) => name === "containerd");
  const containerd =
    containerds.find(({ parent }) => parent === daemon.pid) ?? containerds.find(({ parent }) => parent === 1);
  return grantable(proc, (containerd ?? daemon).pid);
}

/** /var/run is /run everywhere. */
const sameSocket = (socket: string) => socket.replace(/^\/var\/run\//, "/run/");

const defaultSocket = sameSocket(defaultHost.slice("unix://".length));

/**
 * The daemon of a socket: the one that listens on it; where that may not be looked at (another user's process), the one that
 * names it, and for the socket of every engine the only one that names none.
 */
function daemonOf(proc: string, daemons: Process[], socket: string): Process | undefined {
  const listening = daemons.find(({ pid }) => listensOn(proc, pid, socket));
  if (listening) return listening;
  const sockets = ({ command }: Process) =>
    [...command.matchAll(/unix:\/\/([^\0]+)/g)].map(([, path]) => sameSocket(`${path}`));
  const naming = daemons.filter((each) => sockets(each).includes(socket));
  const silent = socket === defaultSocket ? daemons.filter((each) => sockets(each).length === 0) : [];
  const [only, ...others] = naming.length > 0 ? naming : silent;
  return others.length === 0 ? only : undefined;
}

/** Whether a process has the socket open on which its network namespace listens at that path. */
function listensOn(proc: string, pid: number, socket: string): boolean {
  try {
    const lines = readFileSync(`${proc}/${pid}/net/unix`, "utf8").split("\n");
    const inodes = lines.flatMap((line) => {
      const [, , , , , , inode, path] = line.split(/\s+/);
      return path !== undefined && sameSocket(path) === socket ? [`socket:[${inode}]`] : [];
    });
    return readdirSync(`${proc}/${pid}/fd`).some((fd) => inodes.includes(readlinkSync(`${proc}/${pid}/fd/${fd}`)));
  } catch {
    return false;
  }
}

function grantable(proc: string, pid: number): number | undefined {
  const read = (path: string) => readFileSync(`${proc}/${path}`, "utf8");
  const hard = /^Max open files\s+\S+\s+(\S+)/m.exec(read(`${pid}/limits`))?.[1];
  const capabilities = BigInt(`0x${/^CapEff:\s*(\w+)/m.exec(read(`${pid}/status`))?.[1] ?? "0"}`);
  if (capabilities & capSysResource || hard === "unlimited") return Number(read("sys/fs/nr_open"));
  return hard === undefined ? undefined : Number(hard);
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
  readonly command: string;
}

function readProcesses(proc: string): Process[] {
  const found: Process[] = [];
  for (const pid of readdirSync(proc).filter((name) => /^\d+$/.test(name))) {
    try {
      const status = readFileSync(`${proc}/${pid}/status`, "utf8");
      const name = /^Name:\s*(.*)$/m.exec(status)?.[1] ?? "";
      if (name !== "dockerd" && name !== "containerd") continue;
      const parent = Number(/^PPid:\s*(\d+)/m.exec(status)?.[1]);
      found.push({ pid: Number(pid), parent, name, command: readFileSync(`${proc}/${pid}/cmdline`, "utf8") });
    } catch {
      // It ended while we looked.
    }
  }
  return found;
}
