// One run at a time on a stack. Pulumi has a lock of its own, but takes it later and for less: not while the engine is
// looked for, images are built and an interrupted run is cleaned up after.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type LockOptions, withLock } from "../../lib/lock.ts";
import { stateDir } from "../paths.ts";

/**
 * Does some work on a stack while no other run works on it.
 * @param command the `xnai` command that works, such as `up`
 * @throws XnaiError (busy) that names the command and process at work
 */
export const alone = <T>(stack: string, command: string, work: () => Promise<T>): Promise<T> =>
  aloneWith(stack, { command, subject: `stack ${stack}` }, work);

/** The same with another lock, for work that is in nobody's way but its own. @param name of the lock */
export async function aloneWith<T>(name: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  return withLock(join(stateDir, `${name}.lock`), options, work);
}
