// What the rest of the time is, where a goal is missed, and the next idea: written by hand after a look at a profile. Only
// those of goals that the last run has missed are on the page.
import type { GoalName } from "./goals.ts";

/** Markdown, a paragraph or a list each. */
export const reasons: Partial<Record<GoalName, string>> = {};
