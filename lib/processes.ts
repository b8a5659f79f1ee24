// Whether a process that was noted down earlier, by its number, still runs. From Linux's /proc.
import { readFileSync } from "node:fs";

/** Clock ticks are 10 ms on Linux (USER_HZ), whatever the kernel's own timer runs at. */
const tickMilliseconds = 10;

export interface RunningProcess {
  /** When it was started, in ms since 1970: tells it from an earlier process that had the same number. */
  started: number;
}

/**
 * The process with this number; undefined when none runs. One that was killed and not yet collected by its parent (state
 * Z, or X on its way out) no longer runs, though it can still be signalled: in a container without an init it can stay
 * like that for ever.
 */
export function processOf(pid: number): RunningProcess | undefined {
  try {
    // Fields after the name in parentheses, which may hold anything. proc(5): field 3 is the state, field 22 the start.
    const [state = "", ...rest] = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    if ("ZXx".includes(state)) return undefined;
    const startedTicks = Number(rest[18]);
    const uptimeSeconds = Number(readFileSync("/proc/uptime", "utf8").split(" ")[0]);
    return { started: Date.now() - uptimeSeconds * 1000 + startedTicks * tickMilliseconds };
  } catch {
    return undefined;
  }
}
