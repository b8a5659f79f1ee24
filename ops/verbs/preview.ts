// `xnai preview`: what `up` would change. Needs no engine for a stack that does not exist yet.
import { readFileSync, writeFileSync } from "node:fs";
import type { Command } from "commander";
import { taskTitles } from "../../components/names.ts";
import { exitCode } from "../../lib/errors.ts";
import { say } from "../../lib/progress.ts";
import type { PulumiResource } from "../../policies/facts/pulumi.ts";
import { previewedResources, stackPolicy } from "../audit/preview.ts";
import { comparedChanges } from "../audit/review/changes.ts";
import { previewMarkdown } from "../audit/review/comment.ts";
import { stackConfig } from "../config-file.ts";
import { findEngine } from "../engine/find.ts";
import { defaultStack } from "../paths.ts";
import { runPulumi, withEngine } from "../pulumi/cli.ts";
import { withCopy } from "../pulumi/copy.ts";
import { nameOf, type PreviewEvents, readEvents } from "../pulumi/events.ts";
import { policyArgs } from "../pulumi/policy-args.ts";

interface Options {
  stack: string;
  markdown?: string;
  base?: string;
  resources?: string;
}

/** What `--resources` writes and `--base` reads. */
interface Planned {
  resources: PulumiResource[];
  /** The stack's own configuration of the rules. */
  policy: Record<string, unknown>;
}

async function preview(options: Options, pulumiArgs: string[]): Promise<number> {
  const { stack, resources } = options;
  if (resources !== undefined) {
    writeFileSync(resources, JSON.stringify(await planned(stack)));
    return exitCode.done;
  }
  const config = stackConfig(stack);
  const engine = await findEngine().catch(() => undefined);
  const { code, eventLog } = await withCopy(stack, ({ pulumi, flags, folder }) =>
    runPulumi(
      ["preview", "--stack", stack, ...flags, ...policyArgs(folder, stack, config), ...pulumiArgs],
      withEngine(pulumi, engine),
    ),
  );
  tellTasks(readEvents(eventLog), taskTitles(config));
  await writeMarkdown(options, eventLog);
  return code;
}

/** What up would do by itself: in Pulumi's list these are resources like any other. */
function tellTasks({ steps }: PreviewEvents, titles: Record<string, string>): void {
  const run = new Set(steps.filter(({ op }) => /^create/.test(op)).map(({ urn }) => nameOf(urn)));
  const words = Object.entries(titles).flatMap(([name, title]) => (run.has(name) ? [title] : []));
  if (words.length > 0) say(`tasks that up would run: ${words.join(", ")}`);
}

/** Reads the configuration first, which may be wrong, and only then runs the program. */
async function planned(stack: string): Promise<Planned> {
  const policy = stackPolicy(stack);
  return { resources: await previewedResources(stack), policy };
}

/** The comment for a pull request; compared with the base where there is one, because CI has no state. */
async function writeMarkdown({ stack, markdown, base }: Options, eventLog: string): Promise<void> {
  if (markdown === undefined) return;
  const before = base === undefined ? undefined : (JSON.parse(readFileSync(base, "utf8")) as Planned);
  const after = before && (await planned(stack).catch(() => undefined));
  const compared = before &&
    after && {
      changes: comparedChanges(before.resources, after.resources),
      policy: { before: before.policy, after: after.policy },
    };
  writeFileSync(markdown, previewMarkdown(readEvents(eventLog), { stack, ...compared }));
}

/** Adds the verb to the command. */
export function register(program: Command): void {
  program
    .command("preview")
    .description("show what up would change, and whether the policies allow it")
    .argument("[pulumi...]", "flags for pulumi preview, such as --diff, --refresh, --expect-no-changes")
    .option("--stack <name>", "the stack to work on", defaultStack())
    .option("--markdown <file>", "also write it as the comment of a pull request, dangerous changes first")
    .option("--resources <file>", "only write what the stack consists of, for --base")
    .option("--base <file>", "with --markdown: compare with what --resources wrote for the base of the pull request")
    .allowUnknownOption()
    .action(async (pulumiArgs: string[], options: Options) => {
      process.exitCode = await preview(options, pulumiArgs);
    });
}
