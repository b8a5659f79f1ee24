// Reads the event log that the engine writes (`pulumi preview --event-log FILE`, with PULUMI_DEBUG_COMMANDS=true): one JSON
// object a line. The types are those of the Automation API, which reads the same file; it is not loaded for that.
import { isDeepStrictEqual } from "node:util";
import type { EngineEvent, StepEventStateMetadata } from "@pulumi/pulumi/automation/events.js";
import type { PulumiResource } from "../../policies/facts/pulumi.ts";

/** One thing that the engine wants to do to a resource. */
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
  /** `protect` or `retainOnDelete`. */
  retained: boolean;
}

/** What a policy of the pack reported. */
export interface PolicyViolation {
  policy: string;
  urn: string;
  message: string;
  mandatory: boolean;
}

/** What reports need of a log. */
export interface PreviewEvents {
  steps: Step[];
  violations: PolicyViolation[];
  /** Errors that the program or a provider reported, without the engine's closing "preview failed". */
  errors: string[];
  /** Whether the log has its last event: an interrupted run has none. */
  complete: boolean;
  /** Whether the outputs of the stack would be other ones. */
  outputsChange: boolean;
}

/** Everything of a log that reports need. Lines that are not events are passed over. */
export function readEvents(log: string): PreviewEvents {
  const found: PreviewEvents = { steps: [], violations: [], errors: [], complete: false, outputsChange: false };
  for (const event of log.split("\n").map(parsed)) {
    if (!event) continue;
    const { resourcePreEvent, resOutputsEvent, policyEvent, diagnosticEvent, summaryEvent } = event;
    if (resourcePreEvent) {
      const { op, urn, type, old, new: next } = resourcePreEvent.metadata;
      found.steps.push({ op, urn, type, old: stateOf(old), new: stateOf(next) });
    }
    if (policyEvent) {
      const { policyName: policy, resourceUrn: urn = "", enforcementLevel } = policyEvent;
      // The first line is the title of the policy.
      const message = policyEvent.message.trim().split("\n").slice(1).join("\n") || policyEvent.message.trim();
      found.violations.push({ policy, urn, message, mandatory: enforcementLevel === "mandatory" });
    }
    if (diagnosticEvent?.severity === "error" && !/^(preview|update) failed\s*$/.test(diagnosticEvent.message))
      found.errors.push(diagnosticEvent.message.trim());
    if (resOutputsEvent?.metadata.type === "pulumi:pulumi:Stack") {
      const { old, new: next } = resOutputsEvent.metadata;
      found.outputsChange ||= !isDeepStrictEqual(old?.outputs ?? {}, next?.outputs ?? {});
    }
    if (summaryEvent) found.complete = true;
  }
  return found;
}

/** Whether a preview ended with nothing to do. */
export function proposesNothing({ steps, complete, outputsChange }: PreviewEvents): boolean {
  return complete && !outputsChange && steps.every(({ op }) => op === "same" || op === "read");
}

/** How the program begins an error about a rule that it holds itself to (policies/adapters/program.ts). */
const ruleError = "Policy ";

/** Whether a run was stopped by a rule: by the pack, or by the program itself. */
export function policyViolated({ violations, errors }: PreviewEvents): boolean {
  return violations.some(({ mandatory }) => mandatory) || errors.some((error) => error.startsWith(ruleError));
}

/** Errors of a run, without those about rules. */
export function otherErrors({ errors }: PreviewEvents): string[] {
  return errors.filter((error) => !error.startsWith(ruleError));
}

/** Every mandatory rule that is broken, as `<rule>: <message>`: the pack and the program run the same ones. */
export function brokenRules({ violations, errors }: PreviewEvents): string[] {
  const byPack = violations.filter(({ mandatory }) => mandatory).map(({ policy, message }) => `${policy}: ${message}`);
  const byProgram = errors.filter((error) => error.startsWith(ruleError)).map((error) => error.slice(ruleError.length));
  return [...new Set([...byPack, ...byProgram])];
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

/** In a log a state that is not there is null, and one without inputs has none: the types do not say so. */
function stateOf(state: Partial<StepEventStateMetadata> | null | undefined): ResourceState | undefined {
  return state ? { inputs: state.inputs ?? {}, retained: Boolean(state.protect || state.retainOnDelete) } : undefined;
}

function parsed(line: string): EngineEvent | undefined {
  try {
    return line.startsWith("{") ? (JSON.parse(line) as EngineEvent) : undefined;
  } catch {
    return undefined;
  }
}
