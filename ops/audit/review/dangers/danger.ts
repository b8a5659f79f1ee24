// One thing that somebody should see before agreeing to a change.
import { isKnown, knownOf, type Maybe, type MaybeList } from "../../../../policies/facts/unknown.ts";

/** A sentence about a resource; the same sentence about several is said once. */
export interface Danger {
  /** From 0, lost data, to 4, what can be made again. */
  rank: number;
  /** The sentence before and after the label of what it is about. */
  text: [before: string, after: string];
  about: string;
}

/** Longest value in a sentence, in characters. */
const longest = 200;

/** A value in a sentence. */
export function inWords(value: Maybe<string | number>, empty = "the image's"): string {
  if (!isKnown(value)) return "something not known yet";
  const text = String(value) || empty;
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

/** What is in a list now and was not before. */
export function added(before: MaybeList<string>, after: MaybeList<string>): string[] {
  const old = new Set(knownOf(before));
  return knownOf(after).filter((each) => !old.has(each));
}
