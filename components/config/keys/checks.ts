// Checks across several keys of the configuration.
import type { z } from "zod";

/** What a check that runs on values of any shape is given. */
export type Unchecked = Record<string, unknown> | null | undefined;

/** A value of any shape as an object: an empty one where it is something else, which another check tells of. */
export const asObject = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

/** For checks across several keys: zod would skip them when one of the keys is wrong by itself, and tell of half the problems. */
export const alsoWhenWrong = { when: () => true };

/** A check across several keys, for `superRefine`: it adds an issue for each problem. */
export type ConfigCheck = (values: Unchecked, context: z.core.$RefinementCtx) => void;
