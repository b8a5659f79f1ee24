// Seconds, and what is said of several measurements of the same.

/** Seconds that `work` took. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

export const sorted = (list: number[]) => list.toSorted((a, b) => a - b);
export const median = (list: number[]) => sorted(list)[Math.floor(list.length / 2)] ?? Number.NaN;

/** Cells of a table: median, least and most. */
export const spread = (list: number[]) =>
  [median(list), Math.min(...list), Math.max(...list)].map((item) => item.toFixed(2));

/** What takes how long, several times each. */
export class Stopwatch {
  /** Name -> seconds, in the order in which they were measured. */
  readonly measured = new Map<string, number[]>();

  async measure(name: string, work: () => Promise<unknown>): Promise<void> {
    this.measured.set(name, [...this.all(name), await seconds(work)]);
  }

  all(name: string): number[] {
    return this.measured.get(name) ?? [];
  }
}
