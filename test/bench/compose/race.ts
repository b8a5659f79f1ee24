// The stack beside Docker Compose with the same services, images and data on the same engine: in turns, so that whatever else
// the machine does slows both.
import { table } from "../../../lib/table.ts";
import { median, Stopwatch, spread } from "../measure.ts";
import { must, type Result, type Subject } from "../part.ts";

/** What is compared; each is measured in every round. */
const kinds = ["up from nothing", "up, nothing to do", "down"] as const;

/** Times `up` and `destroy` beside `up --wait` and `down`. Leaves nothing up. */
export async function race({ stack, rounds, compose }: Subject): Promise<Result> {
  const [ours, theirs] = [new Stopwatch(), new Stopwatch()];
  const project = await compose();
  const up = async () => must(await stack.up());
  const destroy = async () => must(await stack.xnai(["destroy", "--yes"]));

  await destroy();
  for (let round = 0; round < rounds; round++) {
    await ours.measure("up from nothing", up);
    await ours.measure("up, nothing to do", up);
    await ours.measure("down", destroy);
    await theirs.measure("up from nothing", () => project.up());
    await theirs.measure("up, nothing to do", () => project.up());
    await theirs.measure("down", () => project.down());
  }
  const ratio = (kind: string) => median(ours.all(kind)) / median(theirs.all(kind));
  const rows = kinds.map((kind) => [
    kind,
    ...spread(ours.all(kind)),
    ...spread(theirs.all(kind)),
    `${ratio(kind).toFixed(2)}x`,
  ]);
  return {
    table: table(["what", "xnai median s", "min", "max", "compose median s", "min", "max", "xnai of compose"], rows),
    figures: Object.fromEntries(
      kinds.map((kind) => [kind, { xnai: ours.all(kind), compose: theirs.all(kind), ratio: ratio(kind) }]),
    ),
  };
}
