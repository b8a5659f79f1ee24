// What /proc says of a process that somebody noted down earlier.
import { readFileSync } from "node:fs";

/** Clock ticks are 10 ms on Linux (USER_HZ), whatever the kernel's own timer runs at. */
const tickMilliseconds = 10;

export interface RunningProcess {
  /** Clock ticks between boot and its start: tells it from a later process with the same number. */
  startedTicks: number;
  /** The same in ms since 1970. */
  started: number;
}

/**
 * A process that runs; undefined when there is none. One that was killed and not yet collected by its parent (Z, or X on
 * its way out) does not run any more, though signals still find it: in a container without an init it can stay for ever.
 */
export function processOf(pid: number): RunningProcess | undefined {
  try {
    // Behind the name in parentheses, which may hold anything: proc(5), field 3 is the state, field 22 the start.
    const [state = "", ...rest] = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    if ("ZXx".includes(state)) return undefined;
    const startedTicks = Number(rest[18]);
    const uptimeSeconds = Number(readFileSync("/proc/uptime", "utf8").split(" ")[0]);
    return { startedTicks, started: Date.now() - uptimeSeconds * 1000 + startedTicks * tickMilliseconds };
  } catch {
    return undefined;
  }
}
