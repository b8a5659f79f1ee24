// A published port and a range of them are read in the same way: from a first number to a last one.
import { type Said, say } from "../say.ts";
import type { PortFact } from "./model.ts";
import { isKnown, type Maybe, UNKNOWN } from "./unknown.ts";

/** Numbers from `first` to `last`, both included. */
export interface PortRange {
  first: number;
  last: number;
}

/** The ports of one side; {0, 0} is a random one on the host. */
export function rangeOf(published: PortFact, side: "internal" | "external"): Maybe<PortRange> {
  const first = published[side];
  if (!isKnown(first)) return UNKNOWN;
  return { first, last: published[`${side}Last`] ?? first };
}

export function contains({ first, last }: PortRange, port: number): boolean {
  return first <= port && port <= last;
}

export function overlap(a: PortRange, b: PortRange): boolean {
  return a.first <= b.last && b.first <= a.last;
}

/** `8000`, or `8000-8010`: as it is written in a compose file and in a message. */
export function rangeText({ first, last }: PortRange): Said {
  return first === last ? say`${first}` : say`${first}-${last}`;
}
