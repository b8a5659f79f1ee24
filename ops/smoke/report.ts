// How the results of `xnai smoke` are printed. Pure.
import pc from "picocolors";
import { table } from "../../lib/table.ts";
import { type Outcome, type Result, works } from "./run.ts";

const colours: Record<Outcome, (text: string) => string> = {
  passed: pc.green,
  failed: pc.red,
  unreachable: pc.red,
  stopped: pc.red,
  "not run": pc.dim,
};

const seconds = ({ outcome, seconds }: Result) =>
  outcome === "passed" || outcome === "failed" ? `${seconds.toFixed(2)} s` : "-";

/** The table, why a step did not pass, and the sentence at the end. */
export function smokeText(results: readonly Result[]): string {
  const rows = results.map((result) => [
    result.step,
    colours[result.outcome](result.outcome),
    seconds(result),
    result.standIns.length > 0 && seconds(result) !== "-" ? pc.yellow(`stand-in: ${result.standIns.join(", ")}`) : "",
  ]);
  const said = results
    .filter(({ outcome, said }) => outcome !== "passed" && said !== undefined)
    .map(({ step, outcome, said }) => `${colours[outcome](`${step}:`)} ${said}`);
  return [
    table(["step", "outcome", "time", ""], rows),
    ...(said.length > 0 ? ["", ...said] : []),
    "",
    verdict(results),
  ].join("\n");
}

/** What it comes to, in one or two sentences. */
export function verdict(results: readonly Result[]): string {
  const count = (wanted: Outcome) => results.filter(({ outcome }) => outcome === wanted).length;
  const counts = (["passed", "failed", "stopped", "unreachable", "not run"] as const)
    .filter((outcome) => count(outcome) > 0)
    .map((outcome) => `${count(outcome)} ${outcome}`)
    .join(", ");
  const first = works(results)
    ? pc.green(`The agent bus works: ${counts}.`)
    : pc.red(`The agent bus does not work: ${counts}.`);
  const standIns = [
    ...new Set(results.filter(({ outcome }) => outcome === "passed").flatMap((result) => result.standIns)),
  ];
  if (standIns.length === 0) return first;
  const [were, them] = standIns.length === 1 ? ["was a stand-in", "it"] : ["were stand-ins", "them"];
  return `${first}\n${pc.yellow(`${standIns.join(" and ")} ${were}`)}: what passed against ${them} says nothing of the real software.`;
}

/** The same for another program. */
export const smokeJson = (stack: string, results: readonly Result[]): string =>
  JSON.stringify({ stack, works: works(results), steps: results }, null, 2);
