// One run at a time on a stack: a file that names the process that holds it. Pulumi's own lock comes later and covers less.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stateDir } from "../ops/context.ts";
import { exitCode, XnaiError } from "./errors.ts";
import { processOf } from "./processes.ts";

interface Holder {
  pid: number;
  /** Start of the process in clock ticks after boot: tells it from a later one with the same number. */
  startedTicks: number;
  command: string;
  since: string;
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
    startedTicks: processOf(process.pid)?.startedTicks ?? 0,
    command,
    since: new Date().toISOString(),
  };
  const take = () => writeFileSync(file, JSON.stringify(own), { flag: "wx", mode: 0o600 });
  try {
    take();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const holder = holderOf(file);
    if (holder && processOf(holder.pid)?.startedTicks === holder.startedTicks)
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
