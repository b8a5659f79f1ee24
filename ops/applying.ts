// Whether a password that a stack shows opens the data that it has. After a take-over it may not: Vikunja's users are in its
// data, with the passwords that they had.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { isElsewhere } from "../lib/engine/given-host.ts";
import { replaceFile } from "../lib/replace-file.ts";
import { stateDir } from "./paths.ts";
import type { StackOutputs } from "./pulumi/outputs.ts";

const note = (stack: string) => join(stateDir, `${stack}.taken-over`);

/** Notes that the data is older than the passwords. */
export const noteTakenOver = (stack: string): void => replaceFile(note(stack), `${new Date().toISOString()}\n`);

/** How long Vikunja may take to answer, milliseconds. */
const answersWithinMs = 5_000;

/**
 * Outputs that do not apply, with the reason in words. Vikunja is only asked after a take-over: each login leaves a session.
 */
export async function notApplying(stack: string, outputs: StackOutputs): Promise<Record<string, string>> {
  const { vikunjaApi, vikunjaUser: username, vikunjaPassword: password } = outputs;
  if (!existsSync(note(stack)) || typeof vikunjaApi !== "string") return {};
  // What listens at that address here is somebody else's, and gets no password.
  if (isElsewhere(process.env))
    return {
      vikunjaPassword: `may not apply: the stack was taken over, and ${username} keeps the password from before`,
    };
  const status = await fetch(`${vikunjaApi}/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ username, password }),
    signal: AbortSignal.timeout(answersWithinMs),
  }).then(
    (answer) => answer.status,
    () => undefined,
  );
  if (status === 200) return {};
  const what = status === 403 ? "does not apply" : "may not apply, and Vikunja does not answer";
  return { vikunjaPassword: `${what}: the stack was taken over, and ${username} keeps the password from before` };
}
