// `xnai preview`: what `up` would change. Needs no engine for a stack that does not exist yet.
import { readFileSync, writeFileSync } from "node:fs";
import type { Command } from "commander";
import { exitCode } from "../../lib/errors.ts";
import type { PulumiResource } from "../../policies/facts/pulumi.ts";
import { previewedResources, stackPolicy } from "../audit/preview.ts";
import { comparedChanges } from "../audit/review/changes.ts";
import { previewMarkdown } from "../audit/review/comment.ts";
import { defaultStack, stackConfig } from "../context.ts";
import { findEngine } from "../engine/find.ts";
import { runPulumi } from "../pulumi/cli.ts";
import { readEvents } from "../pulumi/events.ts";
import { policyArgs } from "../pulumi/policy-args.ts";
import { releaseDeadLocks } from "../pulumi/recover.ts";
import { ensureStack, pulumiEnv } from "../pulumi/workspace.ts";

interface Options {
  stack: string;
  markdown?: string;
  base?: string;
  resources?: string;
}

/** What `--resources` writes and `--base` reads. */
interface Planned {
  resources: PulumiResource[];
  policy: Record<string, unknown>;
}

const planned = async (stack: string): Promise<Planned> => ({
  resources: await previewedResources(stack),
  policy: stackPolicy(stack),
});

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

async function preview(options: Options, passedOn: string[]): Promise<number> {
  const { stack, resources } = options;
  const config = stackConfig(stack);
  if (resources !== undefined) {
    writeFileSync(resources, JSON.stringify(await planned(stack)));
    return exitCode.done;
  }
  releaseDeadLocks(stack);
  const env = await pulumiEnv(stack);
  const engine = await findEngine(process.env).catch(() => undefined);
  if (engine) env.env.DOCKER_HOST = engine.host;
  await ensureStack(stack, env);
  const { code, events } = await runPulumi(
    ["preview", "--stack", stack, ...policyArgs(stack, config), ...passedOn],
    env,
  );
  await writeMarkdown(options, events);
  return code;
}

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
    .action(async (passedOn: string[], options: Options) => {
      process.exitCode = await preview(options, passedOn);
    });
}
