// How long `xnai status` takes, beside a single call to the engine by a program that does nothing else.
import { join } from "node:path";
import { execa } from "execa";
import { Pairs } from "./measure.ts";
import { must, type Subject } from "./part.ts";
import type { Found } from "./report/figures.ts";

const engineCall = join(import.meta.dirname, "engine-call.ts");

/** Leaves the stack up. */
export async function status({ stack, rounds }: Subject): Promise<Found> {
  const pairs = new Pairs();
  await stack.mustUp();
  for (let round = 0; round < rounds; round++) {
    await pairs.time("status", "ours", async () => must(await stack.xnai(["status"])));
    await pairs.time("status", "peer", () => execa(process.execPath, [engineCall]));
  }
  return { compared: pairs.compared };
}
