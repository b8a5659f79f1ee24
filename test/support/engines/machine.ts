// A machine of an engine's own, as far as namespaces go (machine.sh). It ends with the process that started it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { cacheFolder } from "../../../airgap/cache-folder.ts";
import { user } from "./catalogue.ts";

const namespaces = ["mount", "pid", "net", "uts", "ipc"];
/** systemd makes the last one itself. */
const entered = [...namespaces, "cgroup"];

export interface TestMachine {
  /** Its first process. */
  readonly pid: number;
  /** What it keeps. */
  readonly folder: string;
  /** The command that runs a command in it, as root. */
  command(...command: readonly string[]): [string, ...string[]];
  /** Returns when it has ended by itself. */
  ended(): Promise<void>;
  /** Ends every process in it and removes what it kept. */
  stop(): Promise<void>;
}

/**
 * A machine that is nothing but an engine's.
 * @param system folder of the system whose programs it has; undefined for those of the machine below
 * @throws Error with what could not be made
 */
export const startMachine = async (system: string | undefined): Promise<TestMachine> =>
  start(await newFolder(), "machine.sh", system ?? "");

/** A folder for a machine with systemd, which can be started with it again and again. */
export const newFolder = () => mkdtemp(join(tmpdir(), "xnai-machine-"));

/** Starts a machine with systemd, whose root is that system. It is still booting. */
export const startSystemd = (folder: string, system: string): Promise<TestMachine> =>
  start(folder, "systemd.sh", system, checkout, cache);

const checkout = resolve(import.meta.dirname, "../../..");
const cache = dirname(cacheFolder(process.env, "toolchain"));

async function start(folder: string, script: string, ...args: string[]): Promise<TestMachine> {
  const apart = [...namespaces.map((name) => `--${name}`), "--fork", "--kill-child", "--propagation=private"];
  const first = ["bash", join(import.meta.dirname, script), folder, ...args];
  const holder = spawn("setpriv", ["--pdeathsig=KILL", "unshare", ...apart, ...first], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(holder, "exit");
  const said = text(holder.stderr);
  const ready = await Promise.race([
    once(createInterface(holder.stdout), "line").then(() => true),
    ended.then(() => false),
  ]);
  if (!ready) throw new Error(`no machine of its own could be made: ${(await said).trim()}`);
  const pid = Number((await execa("pgrep", ["--parent", `${holder.pid}`])).stdout);
  return {
    pid,
    folder,
    command: (...command) => ["nsenter", `--target=${pid}`, ...entered.map((name) => `--${name}`), ...command],
    ended: async () => void (await ended),
    stop: async () => {
      holder.kill("SIGKILL");
      await ended;
      await removeControlGroup(basename(folder));
      await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}

/** What systemd.sh made; it can be removed when the last process is gone. */
async function removeControlGroup(name: string): Promise<void> {
  const [, at = ""] = /^\S+ (\S+) cgroup2 /m.exec(await readFile("/proc/mounts", "utf8")) ?? [];
  const group = join(at, name);
  for (let tries = 0; tries < 100 && existsSync(group); tries++) {
    await execa("find", [group, "-depth", "-type", "d", "-delete"], { reject: false });
    await sleep(100);
  }
}

/** Makes the user on a machine, who reaches this checkout and has a cache like the caller's. */
export async function addUser(machine: TestMachine): Promise<void> {
  const script = join(import.meta.dirname, "user.sh");
  const [program, ...args] = machine.command("bash", script, machine.folder, user.name, `${user.uid}`, checkout, cache);
  await execa(program, args);
}
