// Reads the log of events that Pulumi's engine writes, one JSON object a line (`pulumi preview --event-log FILE`, with
// PULUMI_DEBUG_COMMANDS=true).
import type { EngineEvent, StepEventStateMetadata } from "@pulumi/pulumi/automation/events.js";
import type { PulumiResource } from "../../policies/facts/pulumi.ts";

/** What the engine is about to do with one resource. */
export interface Step {
  /** create, update, replace, create-replacement, delete-replaced, delete, same, ... */
  op: string;
  urn: string;
  type: string;
  old: ResourceState | undefined;
  new: ResourceState | undefined;
}

/** A resource before or after a step. */
export interface ResourceState {
  inputs: Record<string, unknown>;
  /** Whether it outlives a destroy: `protect` or `retainOnDelete`. */
  retained: boolean;
}

/** What a rule of a policy pack reported. */
export interface PolicyViolation {
  /** The rule's name. */
  policy: string;
  /** The resource; empty for a rule about the whole stack. */
  urn: string;
  message: string;
  mandatory: boolean;
}

/** A log, as far as reports need it. */
export interface PreviewEvents {
  steps: Step[];
  violations: PolicyViolation[];
  /** Errors that the program or a provider reported, without the engine's closing "preview failed". */
  errors: string[];
  /** Whether the log has its last event: an interrupted run has none. */
  complete: boolean;
}

/** Reads a log. Lines that are not an event are skipped. */
export function readEvents(log: string): PreviewEvents {
  const found: PreviewEvents = { steps: [], violations: [], errors: [], complete: false };
  for (const event of log.split("\n").map(parsed)) {
    if (!event) continue;
    const { resourcePreEvent: step, policyEvent: policy, diagnosticEvent: diagnostic } = event;
    if (step) {
      const { op, urn, type, old: before, new: after } = step.metadata;
      found.steps.push({ op, urn, type, old: stateOf(before), new: stateOf(after) });
    }
    if (policy) {
      const { policyName, resourceUrn: urn = "", enforcementLevel } = policy;
      // The policy SDK puts the rule's description on the first line.
      const message = policy.message.trim().split("\n").slice(1).join("\n") || policy.message.trim();
      found.violations.push({ policy: policyName, urn, message, mandatory: enforcementLevel === "mandatory" });
    }
    if (diagnostic?.severity === "error" && !/^(preview|update) failed\s*$/.test(diagnostic.message))
      found.errors.push(diagnostic.message.trim());
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

function stateOf(raw: StepEventStateMetadata | null | undefined): ResourceState | undefined {
  return raw ? { inputs: raw.inputs ?? {}, retained: Boolean(raw.protect || raw.retainOnDelete) } : undefined;
}

function parsed(line: string): EngineEvent | undefined {
  try {
    return line.startsWith("{") ? (JSON.parse(line) as EngineEvent) : undefined;
  } catch {
    return undefined;
  }
}
