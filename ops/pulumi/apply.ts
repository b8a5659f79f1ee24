// `up`, the fast way. Pulumi's own `up` judges the whole preview before it changes anything, and runs the program twice even
// when there is nothing to do. Where that is likely, a preview comes first, and mostly it is all.
import { exitCode, XnaiError } from "../../lib/errors.ts";
import { say } from "../../lib/progress.ts";
import { checkConfirmed } from "../consent.ts";
import { type PulumiCli, type PulumiRun, runPulumi } from "./cli.ts";
import { proposesNothing, readEvents } from "./events.ts";
import { withReserve } from "./reserve.ts";

/** What is applied. */
export interface ApplyArgs {
  stack: string;
  /** Whether the user agreed beforehand. */
  yes: boolean;
  /** Flags that Pulumi needs for this stack: policies, what is replaced. */
  flags: string[];
  /** The user's own. */
  pulumiArgs: string[];
  /** Whether there is something to do for sure: then Pulumi's own `up` is faster. */
  changesAreCertain: boolean;
}

const refreshing = ["--refresh", "-r"];

/** Flags by which the user takes the preview into their own hands, or with which state has to be written in any case. */
const direct = new Set(["--skip-preview", "-f", "--plan", ...refreshing]);

/** Pulumi applies changes that were not expected, and fails then: it has to be stopped before. */
const refusing = new Set(["--expect-no-changes"]);

const has = (pulumiArgs: string[], names: ReadonlySet<string>) =>
  pulumiArgs.some((each) => names.has(each.split("=")[0] as string));

/** Whether the user wants a run to end before it changes anything. */
export const refusesChanges = (pulumiArgs: string[]): boolean => has(pulumiArgs, refusing);

/** Whether Pulumi looks at the engine before it plans. */
export const refreshes = (pulumiArgs: string[]): boolean =>
  pulumiArgs.some((each) => refreshing.includes(each.replace(/=true$/, "")));

/** Flags that only `pulumi up` knows. */
const onlyUp = new Set(["--continue-on-error", "--strict"]);

/** Shows what would change, asks unless `yes`, and changes it. @throws XnaiError (failed) when the answer is no */
export async function apply(pulumi: PulumiCli, args: ApplyArgs): Promise<PulumiRun> {
  const { stack, yes, flags, pulumiArgs, changesAreCertain } = args;
  const run = (verb: string, ...args: string[]) => runPulumi([verb, "--stack", stack, ...flags, ...args], pulumi);
  const up = (...args: string[]) => withReserve(() => run("up", ...args));
  if (has(pulumiArgs, direct) || (changesAreCertain && !refusesChanges(pulumiArgs)))
    return up(...(yes ? ["--yes"] : []), ...pulumiArgs);
  const previewed = await run("preview", ...pulumiArgs.filter((each) => !onlyUp.has(each)));
  if (previewed.code !== exitCode.done) return previewed;
  if (proposesNothing(readEvents(previewed.eventLog))) {
    say("nothing to change");
    return previewed;
  }
  if (!yes) await checkConfirmed("Apply this?");
  return up("--yes", "--skip-preview", ...pulumiArgs);
}

/** @throws XnaiError (usage) when there is nobody to ask */
export function checkSomebodyCanAnswer(yes: boolean, terminal = process.stdin.isTTY): void {
  if (yes || terminal) return;
  throw new XnaiError(
    exitCode.usage,
    "up asks before it changes anything, and standard input is not a terminal, so that nobody can answer.",
    "Run again with --yes, or look first: npm run preview. Nothing was changed.",
  );
}
