// What the stack takes of a core while nobody uses it, beside the same services under Docker Compose, with its health checks
// and with none at all: the least that the services can take.
import { setTimeout as sleep } from "node:timers/promises";
import { table } from "../../lib/table.ts";
import { type Consumption, consumption } from "./idle/consumption.ts";
import { must, type Result, type Subject } from "./part.ts";

/** Caches fill and logs are written for a while after a start. */
const settleSeconds = 30;
const measuredSeconds = 60;

/** Percent of one core, over a minute. Leaves nothing up. */
export async function idle({ engine, stack, compose }: Subject): Promise<Result> {
  const project = await compose();
  const measure = async () => {
    await sleep(settleSeconds * 1000);
    return consumption(stack.docker, engine, measuredSeconds);
  };

  const ours = await measure();
  must(await stack.xnai(["destroy", "--yes"]));
  await project.up();
  const checked = await measure();
  await project.down();
  await project.upUnchecked();
  const unchecked = await measure();
  await project.down();

  const measured = {
    "compose, no health check at all": unchecked,
    "compose, with its checks": checked,
    "xnai up": ours,
  };
  const head = ["percent of one core", "in the containers", "shims", "dockerd, containerd", "total"];
  return { table: table(head, Object.entries(measured).map(row)), figures: measured };
}

function row([name, { containers, shims, engine, total }]: [string, Consumption]): string[] {
  const inside = Object.values(containers).reduce((sum, percent) => sum + percent, 0);
  return [name, ...[inside, shims, engine, total].map((percent) => percent.toFixed(2))];
}
