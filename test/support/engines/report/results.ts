// What came of the slice on each engine, as it lies in docs/engines.json.
import { type StepName, special, steps } from "../../../engines/steps.ts";
import type { EngineUnderTest } from "../catalogue.ts";

/** Passed, failed, failed as is known of this engine, or not run; with the reason. */
export type Outcome = "passed" | "failed" | { readonly doesNotHold: string } | { readonly notRun: string };

/** One engine on which the slice was tried. */
export interface EngineResult {
  readonly name: string;
  /** As the engine says itself; empty where it could not be started. */
  readonly version: string;
  /** The day, ISO 8601. */
  readonly tried: string;
  readonly steps: Readonly<Record<StepName, Outcome>>;
}

/** What is read of vitest's JSON report. */
export interface VitestReport {
  readonly testResults: readonly { readonly assertionResults: readonly { title: string; status: string }[] }[];
}

const forEach = (outcome: (name: StepName) => Outcome) =>
  Object.fromEntries((Object.keys(steps) as StepName[]).map((name) => [name, outcome(name)])) as EngineResult["steps"];

/** Why a step is not for an engine; undefined if it is. */
function otherwise(name: StepName, { boots, also = [] }: EngineUnderTest): string | undefined {
  if (boots) return name === "reboot" ? undefined : "tried without systemd";
  return also.includes(name) ? undefined : special[name];
}

/** A step that vitest did not come to has failed; one that is known to fail has passed if it did. */
export function resultsOf(report: VitestReport, engine: EngineUnderTest): EngineResult["steps"] {
  const found = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  return forEach((name) => {
    const notRun = otherwise(name, engine);
    if (notRun !== undefined) return { notRun };
    if (found.find(({ title }) => title === steps[name])?.status !== "passed") return "failed";
    const why = engine.doesNotHold?.[name];
    return why === undefined ? "passed" : { doesNotHold: why };
  });
}

/** Of an engine that could not be started. */
export const nothingRun = (why: string): EngineResult["steps"] => forEach(() => ({ notRun: why }));
