// Which containers run at the same time, and how a message names several of them.
import { joined, type Said, say, shown } from "../say.ts";
import type { ContainerFacts } from "./model.ts";

/** How many are named before the rest is counted. */
const named = 3;

/** Whether both may run at once: two services of a compose file whose profiles have nothing in common do not. */
export function runTogether(a: ContainerFacts, b: ContainerFacts): boolean {
  return a.profiles.length === 0 || b.profiles.length === 0 || a.profiles.some((each) => b.profiles.includes(each));
}

/** `a`, `a and b`, `a, b, c and 497 others`; each name once. */
export function listed(names: readonly string[]): Said {
  const different = [...new Set(names)];
  const all = different.slice(0, named).map((name) => shown(name, "name"));
  const rest = different.length - named;
  if (rest > 0) return say`${joined(all, ", ")} and ${rest} ${rest === 1 ? say`other` : say`others`}`;
  const last = all.pop() ?? say``;
  return all.length === 0 ? last : say`${joined(all, ", ")} and ${last}`;
}
