// Waits until a service answers, and says at once, in its own words, why it does not.
import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { type Damage, damageIn } from "../../definition/damage.ts";
import { execIn } from "../api/exec.ts";
import { lastLines, quoted } from "../api/output.ts";
import { Interrupted, isInterrupted } from "../tasks/interruption.ts";

/** Whose answer is waited for. */
export interface WaitArgs {
  /** The container's name. */
  name: string;
  service: string;
  /** What asks it, inside the container. */
  test: string[];
  /** How long one question may take, milliseconds. */
  testMilliseconds: number;
  /** Seconds after which it counts as not ready. */
  withinSeconds: number;
  /** Where its limits are set. @default resources.<service> */
  limitsKey?: string;
  /** Damage that its log may tell of. @default none is known */
  damage?: readonly Damage[];
}

const pollMilliseconds = 100;

/** Restarts after which a service counts as not staying up; the engine does them within 2 s. */
const crashLoopRestarts = 4;

/**
 * Asks until the answer is good. A container that does not run is started anew first, and so is one that does not answer and
 * that the engine has restarted before: its count of restarts and the engine's growing pauses between them begin again.
 * @throws Error with its last lines and what to do
 */
export async function waitUntilReady(docker: Docker, args: WaitArgs): Promise<void> {
  const { name, withinSeconds } = args;
  const container = docker.getContainer(name);
  const { State: before, RestartCount: restarts } = await container.inspect();
  const works = before.Running && !before.Paused;
  if (works && restarts > 0 && (await asked(docker, container, args)) === undefined) return;
  if (!works || restarts > 0) await container.restart();
  const deadline = Date.now() + withinSeconds * 1000;
  let said = "it has not been asked yet";
  for (;;) {
    if (isInterrupted()) throw new Interrupted();
    const state = await container.inspect();
    if (state.RestartCount >= crashLoopRestarts) {
      const ended = await afterItsEnd(container, state);
      const lines = await lastLines(container, ended.State.StartedAt);
      await container.stop().catch(() => undefined);
      throw new Error(
        `${name} does not stay up (${ending(ended)}). ${quoted(lines)}\nIt is stopped now, and the next up starts it again.\n${advice(args, lines, ended)}`,
      );
    }
    if (state.State.Running && !state.State.Restarting) {
      const answer = await asked(docker, container, args);
      if (answer === undefined) return;
      said = answer;
    }
    if (Date.now() > deadline) {
      const lines = await lastLines(container, state.State.StartedAt);
      throw new Error(
        `${name} is not ready after ${withinSeconds} s (its check says: ${said}). ${quoted(lines)}\nIt goes on running, and the next up asks it again.\n${advice(args, lines, state)}`,
      );
    }
    await sleep(pollMilliseconds);
  }
}

/** The run that is under way may have said nothing yet: what it ends with is worth a moment. */
async function afterItsEnd(container: Docker.Container, state: Docker.ContainerInspectInfo) {
  let now = state;
  for (let tries = 0; tries < 20 && now.State.Running && !now.State.Restarting; tries++) {
    await sleep(pollMilliseconds);
    now = await container.inspect();
  }
  return now;
}

/** What to do, by what the engine and the service itself say. */
function advice(
  { service, damage, limitsKey = `resources.${service}` }: WaitArgs,
  lines: string[],
  { State }: Docker.ContainerInspectInfo,
): string {
  if (State.OOMKilled) return `Set ${limitsKey}.memoryMiB to more.`;
  const known = damageIn(lines, damage);
  if (known) return `${known.what}. ${known.fix}`;
  return `If it may not read or write its data, run: npm run up -- --repair ${service}`;
}

/** Undefined if the answer is good, else what is wrong. A container may end between two calls: then it is asked again. */
async function asked(
  docker: Docker,
  container: Docker.Container,
  { test, testMilliseconds }: WaitArgs,
): Promise<string | undefined> {
  try {
    const { code, output } = await execIn(docker, container, test, testMilliseconds);
    if (code === 0) return undefined;
    return output || (code === undefined ? `no answer within ${testMilliseconds / 1000} s` : `exit code ${code}`);
  } catch (error) {
    // A connection that is cut is the container's end as well; an engine that is gone is seen by the next look at it.
    return (error as Error).message;
  }
}

function ending({ State }: Docker.ContainerInspectInfo): string {
  if (State.OOMKilled) return "it needs more memory than its limit";
  return `exit code ${State.ExitCode}${State.Error ? `: ${State.Error}` : ""}`;
}
