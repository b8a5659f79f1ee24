// How much processor time the cgroup of a process has taken.
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A file that the kernel counts in, and how to read seconds from it. */
export interface Counter {
  readonly file: string;
  readonly unified: boolean;
}

/** @throws Error if the process has ended, or no controller counts */
export function counterOf(pid: number): Counter {
  const groups = readFileSync(`/proc/${pid}/cgroup`, "utf8").split("\n");
  const mounts = readFileSync("/proc/mounts", "utf8").split("\n");
  // Version 1, also where version 2 is mounted beside it: there, the controllers are in version 1.
  const group = groups.find((line) => line.split(":")[1]?.split(",").includes("cpuacct"));
  const mount = mounts.find((line) => {
    const [, , type, options] = line.split(" ");
    return type === "cgroup" && options?.split(",").includes("cpuacct");
  });
  if (group && mount) return { file: fileIn(mount, group, "cpuacct.usage"), unified: false };
  const unifiedGroup = groups.find((line) => line.startsWith("0::"));
  const unifiedMount = mounts.find((line) => line.split(" ")[2] === "cgroup2");
  if (unifiedGroup && unifiedMount) return { file: fileIn(unifiedMount, unifiedGroup, "cpu.stat"), unified: true };
  throw new Error("no cgroup counts processor time here");
}

/** Seconds since the cgroup was made; all that ran in it counts, whoever started it. */
export function secondsOf({ file, unified }: Counter): number {
  const text = readFileSync(file, "utf8");
  return unified ? Number(/^usage_usec (\d+)/m.exec(text)?.[1]) / 1e6 : Number(text) / 1e9;
}

const fileIn = (mount: string, group: string, name: string) =>
  join(mount.split(" ")[1] ?? "", group.split(":").slice(2).join(":"), name);
