// How much processor time and memory trees of processes take, from Linux's /proc.
import { readdirSync, readFileSync } from "node:fs";

/** Clock ticks are 10 ms on Linux (USER_HZ), whatever the kernel's own timer runs at. */
const ticksPerSecond = 100;

const pageBytes = 4096;

interface Process {
  parent: number;
  /** Its own, and that of the children that it has waited for. */
  seconds: number;
  /** Bytes in memory, shared ones included. */
  resident: number;
}

/** All processes at one moment. */
export class Processes {
  readonly #all = new Map<number, Process>();

  constructor() {
    for (const entry of readdirSync("/proc")) {
      const process = /^\d+$/.test(entry) && readProcess(entry);
      if (process) this.#all.set(Number(entry), process);
    }
  }

  /** @throws Error if there is none with this number */
  parentOf(pid: number): number {
    return this.#of(pid).parent;
  }

  /** Seconds of a process and of all that it has started: those that are there, and those that were waited for. */
  secondsOfTree(pid: number): number {
    let sum = this.#of(pid).seconds;
    for (const [child, { parent }] of this.#all) if (parent === pid) sum += this.secondsOfTree(child);
    return sum;
  }

  /** Bytes of all that a process has started, without its own. */
  residentBelow(pid: number): number {
    let sum = 0;
    for (const [child, { parent, resident }] of this.#all)
      if (parent === pid) sum += resident + this.residentBelow(child);
    return sum;
  }

  #of(pid: number): Process {
    const found = this.#all.get(pid);
    if (!found) throw new Error(`process ${pid} has ended`);
    return found;
  }
}

/** Undefined when it has ended in the meantime. */
function readProcess(pid: string): Process | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return undefined;
  }
  // Fields after the name in parentheses, which may hold anything. proc(5): field 4 is the parent, 14 to 17 are the times,
  // 24 the pages in memory.
  const fields = stat.replace(/^.*\) /s, "").split(" ");
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { parent: Number(fields[1]), seconds: ticks / ticksPerSecond, resident: Number(fields[21]) * pageBytes };
}
