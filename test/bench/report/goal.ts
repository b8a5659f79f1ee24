// Kinds of goals: what is said of the figures, and whether they are good enough.
import { median } from "../measure.ts";
import type { Compared } from "./figures.ts";

export interface Goal {
  /** The goal itself: `at most 4 x`. */
  readonly words: string;
  /** What is judged, in the same terms: `3.20 x (3.00-3.41)`. */
  result(figures: Compared): string;
  /** Undefined where nothing is asked for. */
  met(figures: Compared): boolean | undefined;
}

const range = (list: readonly number[], digits: number) =>
  `${Math.min(...list).toFixed(digits)}-${Math.max(...list).toFixed(digits)}`;

/** `1.20 (1.10-1.35)`: the median, and the least and most where there are several. */
export function spread(list: readonly number[], digits = 2): string {
  const middle = median(list).toFixed(digits);
  return list.length > 1 ? `${middle} (${range(list, digits)})` : middle;
}

const ratio = ({ ours, peer }: Compared) => median(ours) / median(peer);

/** One figure for each round. */
const each = ({ ours, peer }: Compared, of: (one: number, other: number) => number) =>
  ours.map((one, round) => of(one, peer[round] ?? Number.NaN));

/** Whether a ratio says anything: a difference of two times may come out as nothing, or as less. */
const isComparable = ({ peer }: Compared) => median(peer) > 0;

/** The ratio of the medians, and in brackets the least and most of single pairs. */
function times(figures: Compared): string {
  if (!isComparable(figures)) return "no ratio: the other is lost in the spread";
  const pairs = each(figures, (one, other) => one / other).filter((pair) => pair > 0 && Number.isFinite(pair));
  return `${ratio(figures).toFixed(2)} x${pairs.length > 1 ? ` (${range(pairs, 2)})` : ""}`;
}

/** Not more than so many times the peer. */
export const atMostTimes = (limit: number): Goal => ({
  words: `at most ${limit} x`,
  result: times,
  met: (figures) => isComparable(figures) && ratio(figures) <= limit,
});

/** Not so many seconds more than the peer, or more than that. */
export const lessThanMore = (limit: number): Goal => ({
  words: `under ${limit} s more`,
  result: (figures) => `${spread(each(figures, (one, other) => one - other))} s more`,
  met: ({ ours, peer }) => median(ours) - median(peer) < limit,
});

/** Not more than so many seconds, whatever others take. */
export const atMostSeconds = (limit: number): Goal => ({
  words: `at most ${limit} s`,
  result: () => "",
  met: ({ ours }) => median(ours) <= limit,
});

/**
 * As good as the peer: some pairs say so and some do not, or all say that ours is better; else so much of it at least.
 * @param better which figures are
 */
export function asGood(better: "more" | "less", least = 0.9): Goal {
  const goodness = (figures: Compared) =>
    each(figures, (one, other) => (better === "more" ? one / other : other / one));
  return {
    words: `no difference beyond the spread, else at least ${least} x as good`,
    result: (figures) => `${spread(goodness(figures))} x as good`,
    met: (figures) => Math.max(...goodness(figures)) >= 1 || median(goodness(figures)) >= least,
  };
}

/** Only reported. */
export const noGoal: Goal = { words: "", result: times, met: () => undefined };
