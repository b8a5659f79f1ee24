// How much memory a command takes at its peak, with all processes that it starts: `xnai up` is the command, the Pulumi CLI, its
// language host, the program, the policy pack, and two providers.
import { setInterval } from "node:timers/promises";
import { Processes } from "./idle/processes.ts";
import { must, type Subject } from "./part.ts";
import type { Found } from "./report/figures.ts";

/** Often enough for processes that live for seconds; looking takes some milliseconds itself. */
const everyMs = 50;

/** MiB that the processes started by `work` have taken at once, at most. */
async function peakOf(work: () => Promise<unknown>): Promise<number> {
  const done = new AbortController();
  const watched = watch(done.signal);
  await work().finally(() => done.abort());
  return watched;
}

async function watch(done: AbortSignal): Promise<number> {
  let most = 0;
  for await (const _ of setInterval(everyMs)) {
    if (done.aborted) break;
    most = Math.max(most, new Processes().residentBelow(process.pid));
  }
  return most / 2 ** 20;
}

/** Leaves nothing up. */
export async function peak({ stack, compose }: Subject): Promise<Found> {
  const project = await compose();
  await stack.mustUp();
  const up = async () => must(await stack.up());
  const destroy = async () => must(await stack.xnai(["destroy", "--yes"]));
  const peak: Record<string, number> = {};
  peak["`xnai up`, nothing to do"] = await peakOf(up);
  peak["`xnai destroy`"] = await peakOf(destroy);
  peak["`xnai up` from nothing"] = await peakOf(up);
  await destroy();
  peak["`docker compose up --wait` from nothing"] = await peakOf(() => project.up());
  peak["`docker compose up --wait`, nothing to do"] = await peakOf(() => project.up());
  await project.down();
  return { peak };
}
