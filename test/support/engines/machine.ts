// A machine of an engine's own, as far as namespaces go (machine.sh). It ends with the process that started it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { execa } from "execa";
import { cacheFolder } from "../../../airgap/cache-folder.ts";
import { user } from "./catalogue.ts";

const namespaces = ["mount", "pid", "net", "uts", "ipc"];

export interface TestMachine {
  /** Its first process. */
  readonly pid: number;
  /** What it keeps. */
  readonly folder: string;
  /** The command that runs a command in it, as root. */
  command(...command: readonly string[]): [string, ...string[]];
  /** Ends every process in it and removes what it kept. */
  stop(): Promise<void>;
}

/**
 * @param system folder of the system whose programs it has; undefined for those of the machine below
 * @throws Error with what could not be made
 */
export async function startMachine(system: string | undefined): Promise<TestMachine> {
  const folder = await mkdtemp(join(tmpdir(), "xnai-machine-"));
  const apart = [...namespaces.map((name) => `--${name}`), "--fork", "--kill-child", "--propagation=private"];
  const script = ["bash", join(import.meta.dirname, "machine.sh"), folder, system ?? ""];
  const holder = spawn("setpriv", ["--pdeathsig=KILL", "unshare", ...apart, ...script], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = text(holder.stderr);
  const ready = await Promise.race([
    once(createInterface(holder.stdout), "line").then(() => true),
    once(holder, "exit").then(() => false),
  ]);
  if (!ready) throw new Error(`no machine of its own could be made: ${(await said).trim()}`);
  const pid = Number((await execa("pgrep", ["--parent", `${holder.pid}`])).stdout);
  return {
    pid,
    folder,
    command: (...command) => ["nsenter", `--target=${pid}`, ...namespaces.map((name) => `--${name}`), ...command],
    stop: async () => {
      const ended = once(holder, "exit");
      holder.kill("SIGKILL");
      await ended;
      await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}

/** Makes the user on a machine, who reaches this checkout and has a cache like the caller's. */
export async function addUser(machine: TestMachine): Promise<void> {
  const checkout = resolve(import.meta.dirname, "../../..");
  const cache = dirname(cacheFolder(process.env, "toolchain"));
  const script = join(import.meta.dirname, "user.sh");
  const [program, ...args] = machine.command("bash", script, machine.folder, user.name, `${user.uid}`, checkout, cache);
  await execa(program, args);
}
