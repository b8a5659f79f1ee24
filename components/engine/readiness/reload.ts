// Files that a service takes in while it runs: written, and then the service is told.
import type * as pulumi from "@pulumi/pulumi";
import type Docker from "dockerode";
import { type Reload, startAnew } from "../../definition/service.ts";
import { execIn } from "../api/exec.ts";
import { quoted } from "../api/output.ts";
import type { Task } from "../tasks/task.ts";

/** Files that change without a restart. */
export interface ReloadedFiles extends Reload {
  /** What it takes in while it runs. */
  texts: Record<string, pulumi.Input<string>>;
  hashKey: pulumi.Output<string>;
  /** Writes them. */
  prepare: Pick<Task, "hasRun" | "runAgain">;
}

/** How long its own program may take to check its files, or to take them in, milliseconds. */
const commandMilliseconds = 20_000;

/** Writes the files and has them read, unless they were written before the service started in this very update. */
export async function reloadFiles(
  engine: Docker,
  containerName: string,
  { prepare, signal, command }: Pick<ReloadedFiles, "prepare" | "signal" | "command">,
  say: (text: string) => void,
): Promise<void> {
  if (prepare.hasRun) return;
  await prepare.runAgain(say);
  const container = engine.getContainer(containerName);
  if (!(await container.inspect()).State.Running) return;
  const { code, output } = await execIn(engine, container, [...command], commandMilliseconds);
  if (code === startAnew) {
    say(`${containerName} starts anew, once: ${output}`);
    return container.restart();
  }
  if (code !== 0)
    throw new Error(
      `${containerName} cannot use its new files, and goes on with those of before. ${quoted(output.split("\n"))}`,
    );
  if (signal) await container.kill({ signal });
}
