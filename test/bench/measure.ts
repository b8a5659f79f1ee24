/** Seconds that `work` took. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

export const sorted = (list: number[]) => list.toSorted((a, b) => a - b);
export const median = (list: number[]) => sorted(list)[Math.floor(list.length / 2)] ?? Number.NaN;
