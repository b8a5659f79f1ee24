// Runs a container to its end, through the engine's API: create, hand the files over, start, wait, read, remove. Nothing of it
// stays on the engine, however it ends; what a killed program leaves there is the next run's to clear (leftovers.ts).
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import type { EngineTraits } from "../../../lib/engine/traits.ts";
import { label } from "../../../lib/labels.ts";
import { attach } from "../api/attach.ts";
import { createOptions, type PlainContainer } from "../api/create-options.ts";
import { ignore } from "../api/ignore.ts";
import { pull } from "../api/images.ts";
import { linesOf, Output, pause, quoted } from "../api/output.ts";
import { archive, type Files } from "./archive.ts";
import { clearLeftovers } from "./leftovers.ts";

/** What is run, and for whom. */
export interface RunArgs {
  container: PlainContainer & { name: string };
  /** Handed over on its standard input, as texts or as a tar archive. @default none, and no standard input */
  files?: Files | Readable;
  /** Processes and threads that it may have. @default 1024 */
  pids?: number;
  /** Why it failed, from its exit code and what it printed, where the engine does not know better. @default its last line says why */
  explain?: (code: number, lines: string[]) => string;
  /** Seconds after which it is killed. */
  deadlineSeconds: number;
  /** `stateId` of the stack. */
  state: string;
  /** What the engine can limit. */
  limits: EngineTraits["limits"];
  say: (text: string) => void;
}

/**
 * Runs it.
 * @returns the lines that it printed
 * @throws Error with its own words when it fails, is killed or does not end in time
 */
export async function runToEnd(docker: Docker, args: RunArgs): Promise<string[]> {
  const { container: described, files, deadlineSeconds, explain = lastLineFirst } = args;
  const container = await createAnew(docker, args, { stdin: files !== undefined });
  try {
    const stream = await attach(docker, container.id, { stdin: files !== undefined });
    const output = new Output(docker, stream);
    await container.start();
    if (files instanceof Readable) files.once("error", (error) => stream.destroy(error)).pipe(stream);
    else if (files) stream.end(await archive(files));
    const code = await Promise.race([exitCode(container, output), late(deadlineSeconds)]);
    const lines = linesOf(await output.text(2000));
    if (code === undefined)
      throw new Error(
        `it did not end within ${deadlineSeconds} s (taskTimeoutSeconds) and was stopped. ${quoted(lines)}`,
      );
    if (code !== 0) throw new Error(await failure(container, described, { code, lines, explain }));
    return lines;
  } finally {
    await container.remove({ force: true, v: true }).catch(() => undefined);
  }
}

/** Not by the engine's `wait`: a client of Node's waits for its answer for ever when the engine goes away meanwhile. */
async function exitCode(container: Docker.Container, output: Output): Promise<number> {
  await output.ended;
  for (;;) {
    const { Running, ExitCode } = (await container.inspect()).State;
    if (!Running) return ExitCode;
    // Not `pause`: with nothing else to wait for, a program without Pulumi would end here.
    await sleep(50);
  }
}

/** How long an engine that stops or starts, on its own account, waits for the end of a task that is at work. */
const engineStopSeconds = 30;

const late = (seconds: number): Promise<undefined> => pause(seconds * 1000).then(() => undefined);

/** Why it failed: in its own last words, unless the engine knows better. */
async function failure(
  container: Docker.Container,
  { memory }: PlainContainer,
  { code, lines, explain }: { code: number; lines: string[]; explain: (code: number, lines: string[]) => string },
): Promise<string> {
  const { OOMKilled } = (await container.inspect()).State;
  if (OOMKilled) return `it was killed because it needed more memory than its ${memory} MiB. ${quoted(lines)}`;
  if (code === 137) return `it was killed (exit code 137). ${quoted(lines)}`;
  return explain(code, lines);
}

function lastLineFirst(code: number, lines: string[]): string {
  const [reason, ...before] = lines.toReversed();
  if (reason === undefined) return `exit code ${code}, without a word`;
  return before.length > 0 ? `${reason}\n${quoted(lines)}` : reason;
}

/**
 * Creates the container of a task, once nothing of an earlier run has its name any more and its image is there.
 * @param options whether it reads
 */
export async function createAnew(
  docker: Docker,
  { container, state, limits, pids, say, deadlineSeconds }: Omit<RunArgs, "files" | "explain">,
  options: { stdin?: boolean } = {},
): Promise<Docker.Container> {
  await clearLeftovers(docker, { state, name: container.name, waitSeconds: deadlineSeconds, say });
  await removeOldJob(docker, container);
  const created = createOptions(container, limits, pids);
  const full = {
    ...created,
    Labels: { ...created.Labels, [label.state]: state },
    StopTimeout: container.stopTimeout ?? engineStopSeconds,
    ...(options.stdin && { OpenStdin: true, StdinOnce: true, AttachStdin: true }),
  };
  const made = await docker.createContainer(full).catch(async (error) => {
    if ((error as { statusCode?: number }).statusCode !== 404) throw error;
    // An image that no container holds may have been pruned.
    await pull(docker, container.image);
    return docker.createContainer(full);
  });
  // Engines before API 1.44 take one network when they make a container.
  for (const { name } of container.networksAdvanced?.slice(1) ?? [])
    await docker.getNetwork(name).connect({ Container: made.id });
  return made;
}

/** In stacks of the first version a task was a container that stayed, under the same name: what is left of it goes. */
async function removeOldJob(docker: Docker, { name, labels = [] }: PlainContainer): Promise<void> {
  const old = docker.getContainer(name ?? "");
  const { Config, State } = (await old.inspect().catch(ignore(404))) ?? {};
  const ofThisStack = labels.some((each) => each.label === label.stack && Config?.Labels[label.stack] === each.value);
  if (ofThisStack && Config?.Labels[label.role] === "job" && !State?.Running) await old.remove({ v: true });
}
