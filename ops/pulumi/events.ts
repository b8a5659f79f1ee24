// Reads the event log that the engine writes (`pulumi preview --event-log FILE`, with PULUMI_DEBUG_COMMANDS=true; the
// Automation API reads the same file). One JSON object a line; @pulumi/pulumi/automation/events.d.ts has the types.
import type { PulumiResource } from "../../policies/facts/pulumi.ts";

/** One resource that the engine wants to do something about. */
export interface Step {
  /** create, update, replace, create-replacement, delete-replaced, delete, same, ... */
  op: string;
  urn: string;
  type: string;
  old: ResourceState | undefined;
  new: ResourceState | undefined;
}

export interface ResourceState {
  inputs: Record<string, unknown>;
  retained: boolean;
}

export interface PolicyViolation {
  policy: string;
  urn: string;
  message: string;
  mandatory: boolean;
}

export interface PreviewEvents {
  steps: Step[];
  violations: PolicyViolation[];
  /** Errors that the program or a provider reported, without the engine's closing "preview failed". */
  errors: string[];
  /** Whether the log has its last event: an interrupted run has none. */
  complete: boolean;
}

interface RawState {
  inputs?: Record<string, unknown>;
  protect?: boolean;
  retainOnDelete?: boolean;
}
interface RawEvent {
  resourcePreEvent?: {
    metadata: { op: string; urn: string; type: string; old?: RawState | null; new?: RawState | null };
  };
  policyEvent?: { resourceUrn?: string; policyName: string; message: string; enforcementLevel: string };
  diagnosticEvent?: { severity: string; message: string; prefix?: string };
  summaryEvent?: object;
}

/** Everything of a log that reports need. Lines that are no event are passed over. */
export function readEvents(log: string): PreviewEvents {
  const found: PreviewEvents = { steps: [], violations: [], errors: [], complete: false };
  for (const event of log.split("\n").map(parsed)) {
    if (!event) continue;
    const { resourcePreEvent: step, policyEvent: policy, diagnosticEvent: told } = event;
    if (step) found.steps.push({ ...step.metadata, old: state(step.metadata.old), new: state(step.metadata.new) });
    if (policy) {
      const { policyName, resourceUrn: urn = "", enforcementLevel } = policy;
      const message = policy.message.trim().split("\n").slice(1).join("\n") || policy.message.trim();
      found.violations.push({ policy: policyName, urn, message, mandatory: enforcementLevel === "mandatory" });
    }
    if (told?.severity === "error" && !/^(preview|update) failed\s*$/.test(told.message))
      found.errors.push(told.message.trim());
    if (event.summaryEvent) found.complete = true;
  }
  return found;
}

/** Whether a run was stopped by a rule: by the pack, or by the program itself (policies/adapters/program.ts). */
export function policyViolated({ violations, errors }: PreviewEvents): boolean {
  return violations.some(({ mandatory }) => mandatory) || errors.some((error) => error.startsWith("Policy "));
}

/** The resources that would exist afterwards. */
export function plannedResources({ steps }: PreviewEvents): PulumiResource[] {
  const planned = new Map<string, PulumiResource>();
  for (const { op, urn, type, new: state } of steps) {
    if (!state || op.startsWith("delete") || op.startsWith("discard")) continue;
    planned.set(urn, { urn, type, name: nameOf(urn), props: state.inputs, retained: state.retained });
  }
  return [...planned.values()];
}

/** The resource's own name: the last part of its URN. */
export function nameOf(urn: string): string {
  return urn.split("::").pop() ?? urn;
}

function state(raw: RawState | null | undefined): ResourceState | undefined {
  return raw ? { inputs: raw.inputs ?? {}, retained: Boolean(raw.protect || raw.retainOnDelete) } : undefined;
}

function parsed(line: string): RawEvent | undefined {
  try {
    return line.startsWith("{") ? (JSON.parse(line) as RawEvent) : undefined;
  } catch {
    return undefined;
  }
}
