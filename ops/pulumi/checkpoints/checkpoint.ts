// One checkpoint, which is how Pulumi's local backend keeps a state in a file: whether it can be believed, and what it holds.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { isRecord } from "../../../policies/facts/properties.ts";
import { project } from "../../paths.ts";

/** One resource in state, as far as `xnai` looks at it. */
export interface StateResource {
  urn: string;
  type: string;
  id?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  /** When it was made, as RFC 3339. */
  created?: string;
  /** Gone already, and not made again yet. */
  pendingReplacement?: boolean;
}

/** A stack's state, as far as `xnai` looks at it. */
export interface StackState {
  resources: StateResource[];
  /** Operations that were under way when an update ended without saying how. */
  pending: { type: string; resource: StateResource }[];
}

/** The part of Pulumi's own format that is read (sdk/go/common/apitype: DeploymentV3). */
export interface Deployment {
  manifest?: { time?: string; magic?: string; version?: string };
  secrets_providers?: { type?: string; state?: { salt?: string } };
  resources?: CheckpointResource[];
  pending_operations?: StackState["pending"];
}

interface CheckpointResource extends StateResource {
  parent?: string;
  dependencies?: string[];
  /** `<urn>::<id>`; that of one which awaits its replacement may be gone already. */
  provider?: string;
}

/** A checkpoint that is what Pulumi wrote. */
export interface Checkpoint {
  file: string;
  /** Undefined in a stack that has been made and never updated. */
  deployment: Deployment | undefined;
  /** How many resources it holds. */
  resources: number;
  /** When Pulumi wrote it, milliseconds since 1970; 0 where it does not say. */
  time: number;
  /** What its secrets are encrypted with, besides the passphrase. */
  salt: string | undefined;
}

/** What is wrong with a file, as the end of a sentence that begins with its name: `is empty`. */
export type Fault = string;

/** Reads one and makes sure that it is whole, of this project and of this stack. */
export function readCheckpoint(file: string, stack: string): Checkpoint | Fault {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === "ENOENT" ? "does not exist" : `cannot be read (${message})`;
  }
  if (text.trim() === "") return "is empty";
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return `is cut off or overwritten (no JSON, ${text.length} bytes)`;
  }
  const checkpoint = isRecord(content) ? content.checkpoint : undefined;
  if (!isRecord(checkpoint) || typeof checkpoint.stack !== "string") return "is not a state of Pulumi";
  if (checkpoint.stack !== `organization/${project}/${stack}`) return `is the state of ${checkpoint.stack}`;
  const deployment = (checkpoint.latest ?? undefined) as Deployment | undefined;
  const { manifest, resources = [], secrets_providers } = deployment ?? {};
  const fault = faultOf(resources, manifest ?? {});
  if (fault !== undefined) return fault;
  return {
    file,
    deployment,
    resources: resources.length,
    time: Date.parse(manifest?.time ?? "") || 0,
    salt: secrets_providers?.type === "passphrase" ? secrets_providers.state?.salt : undefined,
  };
}

/** What Pulumi refuses, too, before it uses a state (pkg/resource/stack/snapshot/integrity.go). */
function faultOf(
  resources: readonly CheckpointResource[],
  { magic, version }: NonNullable<Deployment["manifest"]>,
): Fault | undefined {
  const changed = "was changed by hand:";
  if (version && magic !== createHash("sha256").update(version).digest("hex"))
    return `${changed} its checksum does not fit its version ${version}`;
  if (!Array.isArray(resources)) return `${changed} its resources are not a list`;
  const known = new Set<string>();
  for (const { urn, type, parent, dependencies = [], provider, pendingReplacement } of resources) {
    if (typeof urn !== "string" || typeof type !== "string") return `${changed} a resource has no name or no type`;
    const from = pendingReplacement ? undefined : provider?.slice(0, provider.lastIndexOf("::"));
    const missing = [parent, ...dependencies, from].find((each) => each && !known.has(each));
    if (missing) return `${changed} ${urn} needs ${missing}, which is not there`;
    known.add(urn);
  }
  return undefined;
}

/** Whether it is whole. */
export const isWhole = (read: Checkpoint | Fault): read is Checkpoint => typeof read !== "string";
