// Where things are: the clone and its local state; and which stack a command works on.
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The clone. */
export const root = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");

/** Local state and passphrase: git-ignored, part of every backup. */
export const stateDir = join(root, ".xnai");

/** The project's name in Pulumi.yaml, and so the namespace of its configuration keys. */
export const project = "xnai";

/** The stack that a command works on unless `--stack` names another. */
export function defaultStack(): string {
  return process.env.PULUMI_STACK ?? "dev";
}

/** A command as a user types it: `npm run up -- --take-over --stack prod`. @param script of package.json */
export function commandFor(stack: string, script: string, ...args: string[]): string {
  const all = [...args, ...(stack === defaultStack() ? [] : ["--stack", stack])];
  return ["npm run", script, ...(all.length > 0 ? ["--", ...all] : [])].join(" ");
}
