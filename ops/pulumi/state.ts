// What Pulumi remembers of a stack, read only: from the local backend's file, or from `pulumi stack export`.
import { existsSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { stateId } from "../../components/engine/tasks/state-id.ts";
import { exitCode, XnaiError } from "../../lib/errors.ts";
import { project, stateDir } from "../paths.ts";
import { capturePulumi, type PulumiCli } from "./cli.ts";

/** One resource in state, as far as `xnai` looks at it. */
export interface StateResource {
  urn: string;
  type: string;
  id?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
}

/** A stack's state, as far as `xnai` looks at it. */
export interface StackState {
  resources: StateResource[];
  /** Operations that were under way when an update ended without saying how. */
  pending: { type: string; resource: StateResource }[];
}

/** The part of Pulumi's own format that is read. */
interface Deployment {
  resources?: StateResource[];
  pending_operations?: StackState["pending"];
}

/** True when state is kept in the clone, which is the default. */
export function usesLocalBackend(): boolean {
  return !process.env.PULUMI_BACKEND_URL;
}

/** The address of the backend, as the CLI is given it. */
export function backendUrl(): string {
  return process.env.PULUMI_BACKEND_URL || `file://${stateDir}`;
}

/** By which the program labels the containers of its tasks (components/engine/tasks/state-id.ts). */
export function ownStateId(stack: string): string {
  return stateId({ backend: backendUrl(), stack, hostname: hostname() });
}

/** Where the local backend keeps the state of a stack. */
export function stateFile(stack: string): string {
  return join(stateDir, ".pulumi", "stacks", project, `${stack}.json`);
}

/**
 * The stack's state; empty when the stack does not exist yet in the local backend.
 * @throws XnaiError (failed) when another backend does not hand it over. It must not count as empty then: everything that
 * the stack made would look as if somebody else had made it.
 */
export async function readState(stack: string, cli: PulumiCli): Promise<StackState> {
  const file = stateFile(stack);
  if (usesLocalBackend()) {
    if (!existsSync(file)) return fromDeployment(undefined);
    const { checkpoint } = JSON.parse(readFileSync(file, "utf8")) as { checkpoint?: { latest?: Deployment } };
    return fromDeployment(checkpoint?.latest);
  }
  const { stdout, stderr, exitCode: code } = await capturePulumi(["stack", "export", "--stack", stack], cli);
  if (code !== 0)
    throw new XnaiError(
      exitCode.failed,
      `The state of stack ${stack} cannot be read from ${process.env.PULUMI_BACKEND_URL}: ${stderr.trim()}`,
      "Correct what Pulumi says, then run the same command again. Nothing was changed.",
    );
  return fromDeployment((JSON.parse(stdout) as { deployment?: Deployment }).deployment);
}

/** The state of the local backend without the CLI; undefined where it is elsewhere, not there or not readable. */
export function localState(stack: string): StackState | undefined {
  if (!usesLocalBackend()) return undefined;
  try {
    const { checkpoint } = JSON.parse(readFileSync(stateFile(stack), "utf8")) as {
      checkpoint?: { latest?: Deployment };
    };
    return fromDeployment(checkpoint?.latest);
  } catch {
    return undefined;
  }
}

function fromDeployment(deployment: Deployment | undefined): StackState {
  return { resources: deployment?.resources ?? [], pending: deployment?.pending_operations ?? [] };
}
