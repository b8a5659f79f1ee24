// The shells in which the stack's scripts run: busybox, as in the containers, if this machine has it, and its own sh.
import { spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Shell {
  name: string;
  /** What stands before the script. */
  command: string[];
  /** Where its tools are found. */
  path: string;
}

const system: Shell = { name: "sh", command: ["sh", "-c"], path: process.env.PATH ?? "/usr/bin:/bin" };

/** All its tools are itself: a folder of links, and nothing else on PATH. */
function busybox(): Shell[] {
  const links = mkdtempSync(join(tmpdir(), "xnai-busybox-"));
  if (spawnSync("busybox", ["--install", "-s", links]).status !== 0) return [];
  return [{ name: "busybox sh", command: [join(links, "sh"), "-c"], path: links }];
}

export const shells: Shell[] = [system, ...busybox()];

/** For the scripts of an image that has it, which use what other shells cannot. */
export const bash: Shell = { ...system, name: "bash", command: ["bash", "-c"] };

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** @param input what the script reads. @default nothing */
export function runScript(shell: Shell, script: string, args: string[], input: Buffer = Buffer.alloc(0)): Ran {
  const [command = "sh", ...options] = shell.command;
  const { status, stdout, stderr } = spawnSync(command, [...options, script, "task", ...args], {
    encoding: "utf8",
    input,
    env: { PATH: shell.path },
  });
  return { code: status, stdout, stderr };
}
