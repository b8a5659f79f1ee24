// `xnai up`: from whatever this machine has to a running, healthy stack.
import { type Command, Option } from "commander";
import { filesOfSites } from "../../components/apps/site-files.ts";
import type { StackConfig } from "../../components/config/keys/base.ts";
import { definitionsOf } from "../../components/services.ts";
import { type EngineTraits, engineKinds } from "../../lib/engine/traits.ts";
import { type ExitCode, exitCode, XnaiError } from "../../lib/errors.ts";
import { say } from "../../lib/progress.ts";
import { stackConfig } from "../config-file.ts";
import { ensureEngine } from "../engine/connection/ensure.ts";
import { decideTraits } from "../engine/decide-traits.ts";
import type { Difference } from "../engine/drift/compare.ts";
import { compareWithEngine } from "../engine/drift/index.ts";
import { agreeTo, clearTheWay, replaced } from "../engine/drift/put-right.ts";
import { withNetworkOptions } from "../engine/network-options.ts";
import { pinImages } from "../engine/pin-images.ts";
import { decideImageSource } from "../engine/provide-images.ts";
import { reachedFromHere } from "../engine/remote/from-here.ts";
import { repairData } from "../engine/repair.ts";
import { type ServiceStatus, stackStatus, statusTable } from "../engine/status/index.ts";
import { type OpenStack, openStack } from "../open-stack.ts";
import { defaultStack, root, stateDir } from "../paths.ts";
import { inputsOf, isApplied, isConfigEdited, noteApplied } from "../pulumi/applied.ts";
import { apply, checkSomebodyCanAnswer, refreshes, refusesChanges } from "../pulumi/apply.ts";
import { forgetRestored, isRestored } from "../pulumi/checkpoints/restore.ts";
import { alone } from "../pulumi/lock.ts";
import { policyArgs } from "../pulumi/policy-args.ts";
import { clearFailed } from "../pulumi/recover.ts";
import { containers, preparingTasks } from "../pulumi/resources.ts";
import { localState } from "../pulumi/state.ts";
import { takeOver } from "../take-over.ts";

interface Options {
  stack: string;
  yes?: boolean;
  /** True: every service. */
  repair?: string | true;
  /** Services that may start without the data which they had. */
  acceptDataLoss?: string[];
  takeOver?: boolean;
  /** Which of the engines of this machine. */
  engine?: EngineTraits["kind"];
}

async function up(options: Options, pulumiArgs: string[]): Promise<number> {
  const { stack, yes } = options;
  const written = stackConfig(stack);
  checkNames(written, options);
  filesOfSites(written, root);
  checkSomebodyCanAnswer(yes === true);
  const kind = options.engine;
  const found = options.takeOver ? await takeOver(stack, yes === true, kind) : undefined;
  const opened = await openStack(stack, {
    engine: async (home) => found ?? (await ensureEngine({ consent: yes === true, onProgress: say, kind, home })),
    complete: async (engine, written, state) => {
      const traits = await withNetworkOptions(engine, written);
      const known = decideTraits({ traits }, stack, written);
      return pinImages(engine.docker, stack, await decideImageSource(engine.docker, stack, known, state));
    },
    takeOver: options.takeOver === true,
  });
  const { config, engine } = opened;
  const { found: seen, statuses } = await compareWithEngine(stack, opened, options.acceptDataLoss ?? []);
  // A state that is older than what is on the engine says nothing of the files and passwords that were made since.
  const outdated = options.takeOver === true || isRestored(stack);
  const repair = options.repair ?? (outdated || undefined);
  const code = await changed({ ...options, repair, pulumiArgs }, opened, seen);
  if (code === undefined) return ended(exitCode.done, statuses, opened);
  if (code !== exitCode.done) await clearFailed(engine.docker, stack, config);
  return ended(code, await stackStatus(engine.docker, config, localState(stack)), opened);
}

/** @throws XnaiError (usage) for a service that is none of this stack's */
function checkNames(config: StackConfig, { repair, acceptDataLoss = [] }: Options): void {
  const all = definitionsOf(config);
  const check = (option: string, given: readonly string[], known: readonly string[]) => {
    const wrong = given.find((name) => !known.includes(name));
    if (wrong !== undefined)
      throw new XnaiError(
        exitCode.usage,
        `--${option} ${wrong}: the stack has no such service. Allowed choices are ${known.join(", ")}.`,
        "Nothing was changed.",
      );
  };
  const names = all.map(({ name }) => name);
  check("repair", typeof repair === "string" ? [repair] : [], names);
  check(
    "accept-data-loss",
    acceptDataLoss,
    all.flatMap(({ name, data }) => (data ? [name] : [])),
  );
}

/** An app that does not come up keeps nobody else from it. */
const withoutOneApp = ({ apps }: StackConfig) => (Object.keys(apps).length > 0 ? ["--continue-on-error"] : []);

/** Prints what runs now. @returns the code of the run, or failed when something does not answer */
function ended(code: ExitCode, statuses: ServiceStatus[], { engine, config }: OpenStack): ExitCode {
  console.log(`\n${statusTable(statuses)}`);
  const hint = reachedFromHere(engine.ssh, config);
  if (hint !== undefined) say(hint);
  if (code !== exitCode.done) return code;
  return statuses.every(({ ok }) => ok) ? exitCode.done : exitCode.failed;
}

/** Brings the engine in line with the configuration. @returns with which code; undefined when nothing had to be done */
async function changed(
  { stack, yes, repair, pulumiArgs }: Options & { pulumiArgs: string[] },
  { config, pulumi, engine, state }: OpenStack,
  found: Difference[],
): Promise<ExitCode | undefined> {
  const inputs = inputsOf(config);
  if (repair === undefined && pulumiArgs.length === 0 && found.length === 0 && isApplied(stack, inputs)) {
    say("nothing to change: configuration, code, state and engine are those of the last up");
    return undefined;
  }
  if (found.length > 0) await agreeTo(found, { yes: yes === true, expectNone: refusesChanges(pulumiArgs) });
  await clearTheWay(engine.docker, found);
  if (repair !== undefined) await repairData(engine.docker, { stack, config }, repair);
  const urns = new Set([...preparingTasks(state, repair), ...replaced(found, refreshes(pulumiArgs))]);
  const flags = [...policyArgs(stateDir, stack, config), ...[...urns].flatMap((urn) => ["--replace", urn])];
  const changesAreCertain = urns.size > 0 || containers(state).length === 0 || isConfigEdited(stack, inputs);
  const args = [...withoutOneApp(config), ...pulumiArgs];
  const { code } = await apply(pulumi, { stack, yes: yes === true, flags, pulumiArgs: args, changesAreCertain });
  // With flags such as --target not all of it may have been applied.
  if (code === exitCode.done && pulumiArgs.length === 0) {
    forgetRestored(stack);
    noteApplied(stack, inputs);
  }
  return code;
}

/** Adds the verb to the command. */
export function register(program: Command): void {
  program
    .command("up")
    .description("bring the stack up, or in line with its configuration")
    .argument("[pulumi...]", "flags for pulumi up, such as --refresh, --diff, --expect-no-changes, --target URN")
    .option("--stack <name>", "the stack to work on", defaultStack())
    .option("-y, --yes", "do not ask; also starts an engine, and installs Docker if there is none")
    .addOption(
      new Option("--engine <engine>", "where both are there; afterwards the stack stays where it is").choices(
        engineKinds,
      ),
    )
    .option(
      "--repair [service]",
      "repair data of a service or app as far as possible, give data and configuration to its owner again, and restart it",
    )
    .option(
      "--accept-data-loss <service...>",
      "let services or apps start empty although the data that they had is gone",
    )
    .option(
      "--take-over",
      "make the stack anew around data whose state is lost for good: new passwords; the data stays; asks first",
    )
    .allowUnknownOption()
    .action(async (pulumiArgs: string[], options: Options) => {
      process.exitCode = await alone(options.stack, "up", () => up(options, pulumiArgs));
    });
}
