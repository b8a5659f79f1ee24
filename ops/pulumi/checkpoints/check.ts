// Whether the state of a stack in the local backend can be believed. Asked before anything is written: each write of Pulumi
// lays the present state over the copy of the one before.
import { existsSync, readFileSync } from "node:fs";
import { exitCode, XnaiError } from "../../../lib/errors.ts";
import { configFile } from "../../config-file.ts";
import { commandFor, project, stateDir } from "../../paths.ts";
import { stateFile, usesLocalBackend } from "../backend.ts";
import { describe, wholeCopies } from "./backups.ts";
import { type Checkpoint, isWhole, readCheckpoint } from "./checkpoint.ts";

/**
 * The stack's checkpoint in the local backend; undefined where there is none, and nothing says that there ever was one.
 * @throws XnaiError (machine) for a state that is damaged, or lost while Pulumi's own copies are there; it names the command
 *   that leads back
 */
export function localCheckpoint(stack: string): Checkpoint | undefined {
  const file = stateFile(stack);
  const read = readCheckpoint(file, stack);
  if (isWhole(read) && read.resources > 0) return read;
  const [copy] = wholeCopies(stack);
  if (isWhole(read)) {
    // After a destroy of everything the newest copy holds nothing, too.
    if (copy === undefined || copy.resources === 0) return read;
    throw restorable(stack, `${file} holds no resources: it was made anew`, copy);
  }
  if (copy !== undefined) throw restorable(stack, `${file} ${read}`, copy);
  if (!existsSync(file)) return undefined;
  throw new XnaiError(
    exitCode.machine,
    `The state of stack ${stack} is damaged: ${file} ${read}, and Pulumi has no whole copy of it.`,
    `${lastResort(stack, "Put the file back from your backup.")} Nothing was changed.`,
  );
}

function restorable(stack: string, what: string, copy: Checkpoint): XnaiError {
  return new XnaiError(
    exitCode.machine,
    `The state of stack ${stack} is lost or damaged: ${what}. Pulumi's own copies of it are there.`,
    `Put the newest whole one back (${describe(copy)}):\n${commandFor(stack, "xnai", "state restore")}\nNothing was changed.`,
  );
}

/** A sentence with the best way back, and what remains without a backup. */
export const lastResort = (stack: string, best: string) =>
  `${best} If it is gone for good: ${commandFor(stack, "up", "--take-over")} keeps the data and gives it new passwords.`;

/**
 * Makes sure that this is not a stack without its configuration: with an empty one it would become another stack.
 * @throws XnaiError (usage)
 */
export function checkConfigIsThere(stack: string, resources: number): void {
  const file = configFile(stack);
  if (resources === 0 || (existsSync(file) && readFileSync(file, "utf8").trim() !== "")) return;
  throw new XnaiError(
    exitCode.usage,
    `${file} ${existsSync(file) ? "is empty" : "does not exist"}, but stack ${stack} has ${resources} resources: without it every key would have its default.`,
    `Put it back from your backup or from git (git checkout -- Pulumi.${stack}.yaml). Nothing was changed.`,
  );
}

/**
 * Makes sure that a backend which does not know the stack is not the wrong one.
 * @throws XnaiError (usage) when the stack's state is in the clone
 */
export function checkBackend(stack: string): void {
  if (usesLocalBackend()) return;
  const read = readCheckpoint(stateFile(stack), stack);
  if (!isWhole(read) || read.resources === 0) return;
  throw new XnaiError(
    exitCode.usage,
    `PULUMI_BACKEND_URL is ${process.env.PULUMI_BACKEND_URL}, which has no stack ${stack}; its state, with ${read.resources} resources, is in ${stateDir}.`,
    `Unset PULUMI_BACKEND_URL. To move the state there instead: pulumi stack export from the one, pulumi stack import into the other (project ${project}). Nothing was changed.`,
  );
}
