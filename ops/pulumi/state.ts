// What Pulumi remembers of a stack: read-only looks at the state, from the local backend's file or from `pulumi stack export`.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { exitCode, XnaiError } from "../../lib/errors.ts";
import { project, stateDir } from "../context.ts";
import { capturePulumi, type PulumiEnv } from "./cli.ts";

/** One resource in state, as far as `xnai` looks at it. */
export interface StateResource {
  urn: string;
  type: string;
  id?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
}

export interface StackState {
  resources: StateResource[];
  /** Operations that were under way when an update ended without saying how. */
  pending: { type: string; resource: StateResource }[];
}

const empty: StackState = { resources: [], pending: [] };

/** True when state lies in the clone, which is the default. */
export const localBackend = () => !process.env.PULUMI_BACKEND_URL;

export const stateFile = (stack: string) => join(stateDir, ".pulumi", "stacks", project, `${stack}.json`);

/**
 * The stack's state; empty when the stack does not exist yet in the local backend.
 * @throws XnaiError (failed) when another backend does not hand it over: taken for empty, all that is ours would look foreign
 */
export async function readState(stack: string, env: PulumiEnv): Promise<StackState> {
  const file = stateFile(stack);
  if (localBackend()) {
    if (!existsSync(file)) return empty;
    const text = JSON.parse(readFileSync(file, "utf8")) as { checkpoint?: { latest?: Deployment } };
    return fromDeployment(text.checkpoint?.latest);
  }
  const { stdout, stderr, exitCode: code } = await capturePulumi(["stack", "export", "--stack", stack], env);
  if (code !== 0)
    throw new XnaiError(
      exitCode.failed,
      `The state of stack ${stack} cannot be read from ${process.env.PULUMI_BACKEND_URL}: ${stderr.trim()}`,
      "Correct what Pulumi says, then run the same command again. Nothing was changed.",
    );
  return fromDeployment((JSON.parse(stdout) as { deployment?: Deployment }).deployment);
}

interface Deployment {
  resources?: StateResource[];
  pending_operations?: StackState["pending"];
}

const fromDeployment = (deployment: Deployment | undefined): StackState => ({
  resources: deployment?.resources ?? [],
  pending: deployment?.pending_operations ?? [],
});
