// Whose a task's container is: a name for one stack in one state, the same in every run. Pure.
import { createHash } from "node:crypto";

/** What a stack's state is told by. */
export interface StateLocation {
  /** As PULUMI_BACKEND_URL has it: `file:///srv/xnai/.xnai`, `s3://bucket`. */
  backend: string;
  /** The stack's name in Pulumi. */
  stack: string;
  /** This machine's name: the same `file://` is another state elsewhere. */
  hostname: string;
}

/** Another clone of the same stack has another id, although its containers have the same names. */
export function stateId({ backend, stack, hostname }: StateLocation): string {
  const place = backend.startsWith("file:") ? `${hostname} ${backend}` : backend;
  return createHash("sha256").update(`${place} ${stack}`).digest("hex").slice(0, 16);
}
