// "Did you mean ...?" for keys, rules and everything else that a user can misspell.
import { closest, distance } from "fastest-levenshtein";

/**
 * The one of `known` that `name` is most likely a misspelling of: at most two edits away, or a third of its length for
 * names from nine letters on. Upper and lower case make no difference.
 */
export function nearest(name: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const typed = name.toLowerCase();
  const lower = known.map((each) => each.toLowerCase());
  const best = closest(typed, lower);
  if (distance(typed, best) > Math.max(2, Math.floor(name.length / 3))) return undefined;
  return known[lower.indexOf(best)];
}
