// Where the state of a stack is kept: in the clone, unless the user chose another backend.
import { hostname } from "node:os";
import { join } from "node:path";
import { stateId } from "../../components/engine/tasks/state-id.ts";
import { project, stateDir } from "../paths.ts";

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

/** `meta.yaml` of a local backend with one folder for each project (pkg/backend/diy/meta.go). It never was another one here. */
export const backendMeta = "version: 1\n";
