// Waits until a service answers, and says at once, in its own words, why it does not.
import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
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
  const { name, service, withinSeconds } = args;
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
      const words = quoted(await lastLines(container));
      await container.stop().catch(() => undefined);
      throw new Error(
        `${name} does not stay up (${ending(state)}). ${words}\nIt is stopped now; its data is untouched, and the next up starts it again.\n${state.State.OOMKilled ? memoryAdvice(service) : repairAdvice(service)}`,
      );
    }
    if (state.State.Running && !state.State.Restarting) {
      const answer = await asked(docker, container, args);
      if (answer === undefined) return;
      said = answer;
    }
    if (Date.now() > deadline) {
      const words = quoted(await lastLines(container));
      throw new Error(
        `${name} is not ready after ${withinSeconds} s (its check says: ${said}). ${words}\nIt goes on running, and the next up asks it again.\n${repairAdvice(service)}`,
      );
    }
    await sleep(pollMilliseconds);
  }
}

const memoryAdvice = (service: string) => `Set resources.${service}.memoryMiB to more.`;

const repairAdvice = (service: string) =>
  `If it may not read or write its data, run: npm run up -- --repair ${service}`;

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
