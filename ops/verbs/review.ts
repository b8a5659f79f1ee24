// `xnai review`: what this checkout changes, compared with a commit. Needs no engine, no state and no secrets.
import type { Command } from "commander";
import { type ExitCode, exitCode, XnaiError } from "../../lib/errors.ts";
import { say } from "../../lib/progress.ts";
import { baseOf, planOfBase } from "../audit/review/base.ts";
import { comparedChanges } from "../audit/review/changes.ts";
import { previewMarkdown } from "../audit/review/comment.ts";
import { followersIn } from "../audit/review/follow-ups.ts";
import { type Plan, previewedPlan } from "../audit/review/plan.ts";
import { writeReport } from "../audit/write-report.ts";
import { stackConfig } from "../config-file.ts";
import { defaultStack } from "../paths.ts";
import { otherErrors, type PreviewEvents, policyViolated } from "../pulumi/events.ts";

interface Options {
  stack: string;
  base: string;
  markdown?: string;
}

async function review({ stack, base, markdown }: Options): Promise<ExitCode> {
  const commit = await baseOf(base);
  const { plan: before, note } = await baseOrNothing(commit, stack);
  say("previewing this checkout");
  const { plan: after, events, code } = await here(stack);
  const changes = after && comparedChanges(before.resources, after.resources, followersIn(stackConfig(stack)));
  const text = previewMarkdown(events, {
    stack,
    note,
    changes: changes ?? { changes: [], unchanged: [] },
    ...(after && { policy: { before: before.policy, after: after.policy } }),
  });
  if (markdown === undefined) console.log(text);
  else writeReport(markdown, text);
  return code;
}

/** A base that cannot be previewed does not keep the other half from being said. */
async function baseOrNothing(commit: string, stack: string): Promise<{ plan: Plan; note: string }> {
  try {
    return { plan: await planOfBase(commit, stack, say), note: `Compared with ${commit}.` };
  } catch (error) {
    const why = (error as Error).message;
    say(`the base cannot be previewed: ${why}`);
    return {
      plan: { resources: [], policy: {} },
      note: `Compared with nothing, because the base ${commit} cannot be previewed: ${why}`,
    };
  }
}

/** A configuration that is wrong is what the report is about, like a program that fails. */
async function here(stack: string): Promise<{ plan: Plan | undefined; events: PreviewEvents; code: ExitCode }> {
  try {
    const { plan, events } = await previewedPlan(stack);
    const failed = !events.complete || otherErrors(events).length > 0;
    const code = policyViolated(events) ? exitCode.policy : failed ? exitCode.failed : exitCode.done;
    return { plan: failed ? undefined : plan, events, code };
  } catch (error) {
    const { message } = error as Error;
    say(message);
    const events = { steps: [], violations: [], errors: [message], complete: false, outputsChange: false };
    return { plan: undefined, events, code: error instanceof XnaiError ? error.code : exitCode.failed };
  }
}

/** Adds the verb to the command. */
export function register(program: Command): void {
  program
    .command("review")
    .description("say what this checkout changes, compared with a commit, for a pull request")
    .requiredOption("--base <revision>", "compare with where this checkout left that branch, tag or commit")
    .option("--stack <name>", "the stack whose configuration is used", defaultStack())
    .option("--markdown <file>", "write it to a file instead of to standard output")
    .action(async (options: Options) => {
      process.exitCode = await review(options);
    });
}
