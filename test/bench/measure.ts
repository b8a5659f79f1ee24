// Seconds, and what is said of several measurements of the same.
import type { Compared } from "./report/figures.ts";
import type { GoalName } from "./report/goals.ts";

/** Seconds that `work` took. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

export const median = (list: readonly number[]) =>
  list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN;

/** Added to the list of that name, which is made if it is not there. */
function push<Name extends string>(lists: Partial<Record<Name, number[]>>, name: Name, figure: number): void {
  lists[name] = [...(lists[name] ?? []), figure];
}

/** What takes how long, several times each. */
export class Stopwatch {
  /** Name -> seconds, in the order in which they were measured. */
  readonly measured: Record<string, number[]> = {};

  /** @returns what it took this time */
  async measure(name: string, work: () => Promise<unknown>): Promise<number> {
    const taken = await seconds(work);
    push(this.measured, name, taken);
    return taken;
  }
}

/** Figures of ours and of a peer, in pairs: one of each in every round. */
export class Pairs {
  readonly compared: Partial<Record<GoalName, Compared>> = {};

  add(goal: GoalName, side: keyof Compared, figure: number): void {
    this.compared[goal] ??= { ours: [], peer: [] };
    push(this.compared[goal], side, figure);
  }

  /** Seconds. */
  async time(goal: GoalName, side: keyof Compared, work: () => Promise<unknown>): Promise<void> {
    this.add(goal, side, await seconds(work));
  }
}
