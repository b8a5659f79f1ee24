// What the stack takes of a core, and of memory, while nobody uses it, beside the same services under Docker Compose, with its
// health checks and with none at all: the least that the services can take.
import { setTimeout as sleep } from "node:timers/promises";
import { consumption } from "./idle/consumption.ts";
import { memoryOf } from "./idle/memory.ts";
import { must, type Subject } from "./part.ts";
import type { Found } from "./report/figures.ts";

/** Caches fill and logs are written for a while after a start. */
const settleSeconds = 30;
const measuredSeconds = 60;

const containerPrefix = /^\/(bench_|xnai-bench-compose-)/;

/** Percent of one core, over a minute, and MiB. Leaves nothing up. */
export async function idle({ engine, stack, compose, keep }: Subject): Promise<Found> {
  const found: Required<Pick<Found, "idle" | "memory">> = { idle: {}, memory: {} };
  const project = await compose();
  async function measure(who: string): Promise<void> {
    await sleep(settleSeconds * 1000);
    found.idle[who] = await consumption(stack.docker, engine, measuredSeconds);
    found.memory[who] = await memoryOf(stack.docker, containerPrefix);
    keep(found);
  }

  await stack.mustUp();
  await measure("`xnai up`");
  must(await stack.xnai(["destroy", "--yes"]));
  await project.up();
  await measure("Docker Compose, with its checks");
  await project.down();
  await project.upUnchecked();
  await measure("Docker Compose, no health check at all");
  await project.down();
  return found;
}
