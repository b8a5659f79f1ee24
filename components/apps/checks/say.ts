// What the checks of apps have in common. Pure.
import { nearest } from "../../../lib/nearest.ts";

/** Adds a problem. @param path below `apps` @param message as it goes on behind the value, which is `input` */
export type Say = (path: (string | number)[], input: unknown, message: string) => void;

/** What to write in place of a name that nothing has. @param known what there is */
export function hintFor(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  return near ? `did you mean ${near}?` : `there are: ${known.join(", ")}`;
}
