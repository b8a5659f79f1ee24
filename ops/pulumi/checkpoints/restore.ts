// Puts a state in its place: the one before stays beside it, and at no moment is there half of one.
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { replaceFile } from "../../../lib/replace-file.ts";
import { stateDir } from "../../paths.ts";
import { stateFile } from "../backend.ts";
import type { Checkpoint } from "./checkpoint.ts";

/**
 * Makes a copy the stack's state.
 * @returns where the file that was there is kept; undefined when there was none
 */
export function restoreState(stack: string, { file }: Checkpoint): string | undefined {
  const target = stateFile(stack);
  const content = readFileSync(file);
  const kept = existsSync(target) ? `${target}.damaged-${Date.now()}` : undefined;
  if (kept !== undefined) linkSync(target, kept);
  writeFileSync(outdatedNote(stack), "");
  replaceFile(target, content);
  return kept;
}

/** Says that the state may be older than what is on the engine. */
const outdatedNote = (stack: string) => join(stateDir, `${stack}.restored`);

/** Whether the state was put back and has not been compared with the engine since. */
export const isRestored = (stack: string): boolean => existsSync(outdatedNote(stack));

/** Notes that state and engine are one again. */
export const forgetRestored = (stack: string): void => rmSync(outdatedNote(stack), { force: true });
