// How another tool's rules are written down, for the comparison in docs/policies.md. Which rule of this pack finds the same is
// said once, by that rule's own `references`.
import type { References } from "../../rule.ts";

/** Why a rule about services leaves a service alone. */
export const task = "a service that another one waits for until it has ended: it prepares something, and is gone";

/** The same, of a rule that leaves only those alone which nobody reaches. */
export const taskWithoutNetwork = `${task}, and has no network`;

export interface ToolRule {
  /** The name that `references` use. */
  id: string;
  /** What it finds, where its name does not say it. */
  title?: string;
  /** Items of the CIS Docker Benchmark that it checks. @default none */
  cis?: string[];
  /** What it finds and the rules of this pack do not, and why. @default nothing */
  missed?: string;
  /** Why no rule of this pack is about it. */
  notOurs?: string;
}

export interface Tool {
  name: string;
  /** Where in `references` its rules are named. */
  key: Exclude<keyof References, "docs">;
  /** What is compared, as it continues "Of ...". */
  what: string;
  /** What one of them is called. */
  one: string;
  rules: ToolRule[];
}
