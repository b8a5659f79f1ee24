// Checks across several keys of the configuration.
import type { z } from "zod";

/** What a check that runs on values of any shape is given. */
export type Unchecked = Record<string, unknown> | null | undefined;

/** For checks across several keys: zod would skip them when one of the keys is wrong by itself, and tell of half the problems. */
export const alsoWhenWrong = { when: () => true };

/** A check across several keys, for `superRefine`: it adds an issue for each problem. */
export type ConfigCheck = (values: Unchecked, context: z.core.$RefinementCtx) => void;
