// What Pulumi remembers of a stack, read only: from the local backend's file, or from `pulumi stack export`.
import { exitCode, XnaiError } from "../../lib/errors.ts";
import { stateFile, usesLocalBackend } from "./backend.ts";
import { checkBackend, localCheckpoint } from "./checkpoints/check.ts";
import { type Deployment, isWhole, readCheckpoint, type StackState } from "./checkpoints/checkpoint.ts";
import { capturePulumi, type PulumiCli } from "./cli.ts";

export type { StackState, StateResource } from "./checkpoints/checkpoint.ts";

/**
 * The stack's state; empty when the stack does not exist yet.
 * @throws XnaiError (machine) when it is lost or damaged, (failed) when another backend does not hand it over. It must not
 * count as empty then: everything that the stack made would look as if somebody else had made it.
 */
export async function readState(stack: string, cli: PulumiCli): Promise<StackState> {
  return stateIn(usesLocalBackend() ? localCheckpoint(stack)?.deployment : await exportState(stack, cli));
}

/** The state of the local backend without the CLI; undefined where it is elsewhere, not there or not readable. */
export function localState(stack: string): StackState | undefined {
  const read = usesLocalBackend() ? readCheckpoint(stateFile(stack), stack) : "";
  return isWhole(read) ? stateIn(read.deployment) : undefined;
}

const stateIn = (deployment: Deployment | undefined): StackState => ({
  resources: deployment?.resources ?? [],
  pending: deployment?.pending_operations ?? [],
});

/** What another backend has of a stack; undefined where it does not know it. */
export async function exportState(stack: string, cli: PulumiCli): Promise<Deployment | undefined> {
  const { stdout, stderr, exitCode: code } = await capturePulumi(["stack", "export", "--stack", stack], cli);
  if (code === 0) return (JSON.parse(stdout) as { deployment?: Deployment }).deployment ?? {};
  checkBackend(stack);
  if (/no stack named/.test(stderr)) return undefined;
  throw new XnaiError(
    exitCode.failed,
    `The state of stack ${stack} cannot be read from ${process.env.PULUMI_BACKEND_URL}: ${stderr.trim()}`,
    "Correct what Pulumi says, then run the same command again. Nothing was changed.",
  );
}
