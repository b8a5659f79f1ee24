// One run at a time on a stack: a file that names the process that holds it. Pulumi's own lock comes later and covers less.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stateDir } from "./context.ts";
import { exitCode, XnaiError } from "./errors.ts";

interface Holder {
  pid: number;
  /** Start of the process in clock ticks after boot: tells it from a later one with the same number. */
  started: string;
  command: string;
  since: string;
}

/** Field 22 of /proc/<pid>/stat, behind the name in parentheses; undefined when there is no such process. */
function startOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ")[19];
  } catch {
    return undefined;
  }
}

/** When a process started, in ms since 1970; undefined when there is no such process. Clock ticks are 10 ms on Linux. */
export function startTime(pid: number): number | undefined {
  const ticks = startOf(pid);
  if (ticks === undefined) return undefined;
  const uptimeSeconds = Number(readFileSync("/proc/uptime", "utf8").split(" ")[0]);
  return Date.now() - uptimeSeconds * 1000 + Number(ticks) * 10;
}

function holderOf(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Holder;
  } catch {
    return undefined;
  }
}

/**
 * Holds the stack's lock while `work` runs. A lock whose process is gone is taken over.
 * @throws XnaiError (busy) that names the process at work
 */
export async function alone<T>(stack: string, command: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  const file = join(stateDir, `${stack}.lock`);
  const own: Holder = {
    pid: process.pid,
    started: startOf(process.pid) ?? "",
    command,
    since: new Date().toISOString(),
  };
  const take = () => writeFileSync(file, JSON.stringify(own), { flag: "wx", mode: 0o600 });
  try {
    take();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const holder = holderOf(file);
    if (holder && startOf(holder.pid) === holder.started)
      throw new XnaiError(
        exitCode.busy,
        `Another run is at work on stack ${stack}: xnai ${holder.command} (process ${holder.pid}), since ${holder.since}.`,
        "Wait until it has ended, then run the same command again.",
      );
    rmSync(file, { force: true });
    take();
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}
