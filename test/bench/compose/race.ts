// The stack beside Docker Compose with the same services, images and data on the same engine: in turns, so that whatever else
// the machine does slows both.
import type { TestStack } from "../../support/stack.ts";
import { Pairs } from "../measure.ts";
import { must, type Subject } from "../part.ts";
import type { Found } from "../report/figures.ts";
import { type Change, changedPath, changes, unchanged } from "./changes.ts";
import { checkRouted, OpenConnection } from "./open-connection.ts";
import type { ComposeProject } from "./project.ts";

/** Each takes more than a minute. */
const mostRounds = 3;

/** Times `up`, changes and `destroy` beside `up --wait`, the same changes, and `down`. Leaves nothing up. */
export async function race({ stack, rounds, compose, keep }: Subject): Promise<Found> {
  const pairs = new Pairs();
  await stack.configure(unchanged);
  const project = await compose();
  must(await stack.xnai(["destroy", "--yes"]));
  for (let round = 0; round < Math.min(rounds, mostRounds); round++) {
    await ours(pairs, stack, round);
    await theirs(pairs, project, round);
    keep({ compared: pairs.compared });
  }
  await stack.configure({ caddy: undefined, redis: undefined, qdrant: undefined });
  return { compared: pairs.compared };
}

async function ours(pairs: Pairs, stack: TestStack, round: number): Promise<void> {
  const up = async () => must(await stack.up());
  await pairs.time("upFromNothing", "ours", up);
  await pairs.time("upAgain", "ours", up);
  const connection = await OpenConnection.to(stack);
  try {
    for (const change of changes) {
      const before = await starts(stack);
      await stack.configure(change.values(round));
      await pairs.time(change.goal, "ours", up);
      checkRestarts(change, before, await starts(stack));
      await connection.check();
    }
    await checkRouted(changedPath(round));
  } finally {
    await connection.close();
  }
  await pairs.time("down", "ours", async () => must(await stack.xnai(["destroy", "--yes"])));
}

async function theirs(pairs: Pairs, project: ComposeProject, round: number): Promise<void> {
  await pairs.time("upFromNothing", "peer", () => project.up());
  await pairs.time("upAgain", "peer", () => project.up());
  for (const { goal, values, compose } of changes)
    await pairs.time(goal, "peer", () => compose(project, values(round)));
  await checkRouted(changedPath(round));
  await pairs.time("down", "peer", () => project.down());
}

/** Container -> when it was started, and when it was made. */
async function starts({ docker, prefix }: TestStack): Promise<Map<string, string>> {
  const list = await docker.listContainers({ filters: { name: [`^/${prefix}_`] } });
  const infos = await Promise.all(list.map(({ Id }) => docker.getContainer(Id).inspect()));
  return new Map(infos.map(({ Name, Id, State }) => [Name.slice(prefix.length + 2), `${Id} ${State.StartedAt}`]));
}

/** @throws Error if any other container than the one that was changed was restarted, or that one was not */
function checkRestarts({ goal, restarts }: Change, before: Map<string, string>, after: Map<string, string>): void {
  const changed = [...before].flatMap(([name, start]) => (after.get(name) === start ? [] : [name]));
  if (`${changed}` !== `${restarts ?? ""}`) throw new Error(`${goal}: restarted were ${changed.join(", ") || "none"}`);
}
