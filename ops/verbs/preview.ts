// `xnai preview`: what `up` would change. Needs no engine for a stack that does not exist yet.
import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { lockFolder } from "../../components/apps/lock.ts";
import { usingHostInWords } from "../../components/apps/machine/host.ts";
import { writeLock } from "../../components/apps/read-lock.ts";
import { filesOfSites } from "../../components/apps/site-files.ts";
import type { StackConfig } from "../../components/config/keys/base.ts";
import { leaving } from "../../components/leaving.ts";
import { taskTitles } from "../../components/names.ts";
import { EngineError } from "../../lib/engine/connection-error.ts";
import { exitCode } from "../../lib/errors.ts";
import { say } from "../../lib/progress.ts";
import { previewMarkdown } from "../audit/review/comment.ts";
import { planOf } from "../audit/review/plan.ts";
import { stackConfig } from "../config-file.ts";
import type { Engine } from "../engine/connection/connect.ts";
import { findEngine } from "../engine/connection/find.ts";
import { homeOf } from "../engine/connection/home.ts";
import { foreseeTraits } from "../engine/decide-traits.ts";
import { withSeenNetworkOptions } from "../engine/network-options.ts";
import { type Looked, lookAtImages } from "../engine/pin-images.ts";
import { openToLink } from "../engine/preflight/open-to-link.ts";
import { namedMachine } from "../engine/remote/from-here.ts";
import { defaultStack, root } from "../paths.ts";
import { type PulumiCli, runPulumi, withEngine } from "../pulumi/cli.ts";
import { withCopy } from "../pulumi/copy.ts";
import { nameOf, type PreviewEvents, readEvents } from "../pulumi/events.ts";
import { policyArgs } from "../pulumi/policy-args.ts";
import { localState } from "../pulumi/state.ts";

interface Options {
  stack: string;
  markdown?: string;
  resources?: string;
}

async function preview({ stack, resources, markdown }: Options, pulumiArgs: string[]): Promise<number> {
  if (resources !== undefined) {
    writeFileSync(resources, JSON.stringify(await planOf(stack)));
    return exitCode.done;
  }
  const written = stackConfig(stack);
  filesOfSites(written, root);
  const engine = await findEngine({ home: homeOf(written, localState(stack)) }).catch(withoutEngine);
  const { config: known, values } = await foreseen(engine, stack, written);
  const { config, lock } = await looked(engine, stack, known);
  const { code, eventLog } = await withCopy(
    stack,
    ({ pulumi, flags, folder }) => {
      if (lock) writeLock(folder, stack, lock);
      return runPulumi(
        ["preview", "--stack", stack, ...flags, ...policyArgs(folder, stack, config), ...pulumiArgs],
        withEngine(lock ? withLockIn(folder, pulumi) : pulumi, engine),
      );
    },
    values,
  );
  const events = readEvents(eventLog);
  tellTasks(events, taskTitles(config));
  tellOpenings(config, engine);
  if (markdown !== undefined)
    writeFileSync(
      markdown,
      previewMarkdown(events, { stack, engines: { before: written.engine, after: config.engine } }),
    );
  return code;
}

/** A preview needs no engine. One on another machine was named on purpose, and one that is not the stack's own has none of it. */
function withoutEngine(error: unknown): undefined {
  if (namedMachine() || (error instanceof EngineError && error.fault === "elsewhere")) throw error;
}

/** With an engine the plan is the one for it, as up writes it to the configuration; otherwise for the one that stands there. */
async function foreseen(engine: Engine | undefined, stack: string, config: StackConfig) {
  if (!engine) return { config, values: {} };
  return foreseeTraits({ traits: await withSeenNetworkOptions(engine, config) }, stack, config);
}

/** With an engine the images of apps are what up would find them to be; otherwise what the lock file says. */
async function looked(
  engine: Engine | undefined,
  stack: string,
  config: StackConfig,
): Promise<Partial<Looked> & { config: StackConfig }> {
  if (!engine || Object.keys(config.apps).length === 0) return { config };
  return lookAtImages(engine.docker, stack, config);
}

const withLockIn = (folder: string, { path, env }: PulumiCli): PulumiCli => ({
  path,
  env: { ...env, [lockFolder]: folder },
});

/** What up would do by itself: in Pulumi's list these are resources like any other. */
function tellTasks({ steps }: PreviewEvents, titles: Record<string, string>): void {
  const run = new Set(steps.filter(({ op }) => /^create/.test(op)).map(({ urn }) => nameOf(urn)));
  const words = Object.entries(titles).flatMap(([name, title]) => (run.has(name) ? [title] : []));
  if (words.length > 0) say(`tasks that up would run: ${words.join(", ")}`);
}

/** What may leave this machine, and who else may come in: consequences that no resource shows. */
function tellOpenings(config: StackConfig, engine: Engine | undefined): void {
  const open = engine && openToLink(engine, config);
  for (const sentence of [...leaving(config), ...usingHostInWords(config), ...(open ? [open] : [])]) say(sentence);
}

/** Adds the verb to the command. */
export function register(program: Command): void {
  program
    .command("preview")
    .description("show what up would change, and whether the policies allow it")
    .argument("[pulumi...]", "flags for pulumi preview, such as --diff, --refresh, --expect-no-changes")
    .option("--stack <name>", "the stack to work on", defaultStack())
    .option("--markdown <file>", "also write it as the comment of a pull request, dangerous changes first")
    .option("--resources <file>", "only write what the stack would consist of, as review compares it")
    .allowUnknownOption()
    .action(async (pulumiArgs: string[], options: Options) => {
      process.exitCode = await preview(options, pulumiArgs);
    });
}
