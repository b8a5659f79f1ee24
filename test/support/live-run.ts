// A run of `xnai` that a test does something to while it is at work.
import { readdirSync, readFileSync } from "node:fs";
import { execa } from "execa";
import { eventually } from "./neighbour.ts";
import type { Ran, TestStack } from "./stack.ts";

/** A run in a process group of its own, as a shell starts one. */
export class LiveRun {
  readonly #process;
  #said = "";

  constructor(stack: TestStack, args: string[]) {
    this.#process = execa(process.execPath, ["ops/xnai.mjs", ...args], {
      cwd: stack.folder,
      detached: true,
      reject: false,
      all: true,
      stdin: "ignore",
      env: { NO_COLOR: "1" },
    });
    this.#process.all.on("data", (chunk: Buffer) => {
      this.#said += chunk.toString();
    });
  }

  /** Returns once it has said this. */
  async says(text: string, seconds = 60): Promise<void> {
    await eventually(
      seconds,
      async () => this.#said,
      (said) => said.includes(text),
    );
  }

  /** Ctrl-C, as a terminal sends it. */
  interrupt(): void {
    process.kill(-(this.#process.pid as number), "SIGINT");
  }

  /** Kills it and every process that it started: the Pulumi CLI, its plugins, the program. */
  killAll(): void {
    for (const pid of [this.#process.pid as number, ...descendants(this.#process.pid as number)])
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It ended by itself.
      }
  }

  async ended(): Promise<Ran> {
    const { exitCode, stdout, stderr, all } = await this.#process;
    return { exitCode: exitCode ?? -1, stdout, stderr, all };
  }
}

function descendants(pid: number): number[] {
  const parents = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name): [number, number] => [Number(name), parentOf(name)]);
  const below = (parent: number): number[] =>
    parents.filter(([, each]) => each === parent).flatMap(([child]) => [child, ...below(child)]);
  return below(pid);
}

function parentOf(pid: string): number {
  try {
    return Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
  } catch {
    return 0;
  }
}
