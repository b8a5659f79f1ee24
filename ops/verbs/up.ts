// `xnai up`: from whatever this machine has to a running, healthy stack.
import { type Command, Option } from "commander";
import { services } from "../../components/services.ts";
import { type ExitCode, exitCode } from "../../lib/errors.ts";
import { say } from "../../lib/progress.ts";
import { ensureEngine } from "../engine/ensure.ts";
import { preflight } from "../engine/preflight/index.ts";
import { decideImageSource, provideImages } from "../engine/provide-images.ts";
import { stackStatus, statusTable } from "../engine/status.ts";
import { type OpenStack, openStack } from "../open-stack.ts";
import { defaultStack } from "../paths.ts";
import { inputsOf, isApplied, isConfigEdited, noteApplied } from "../pulumi/applied.ts";
import { apply, checkSomebodyCanAnswer } from "../pulumi/apply.ts";
import { alone } from "../pulumi/lock.ts";
import { policyArgs } from "../pulumi/policy-args.ts";
import { clearFailed } from "../pulumi/recover.ts";
import { containers, preparingTasks } from "../pulumi/resources.ts";

interface Options {
  stack: string;
  yes?: boolean;
  /** True: every service. */
  repair?: string | true;
}

async function up(options: Options, pulumiArgs: string[]): Promise<number> {
  const { stack, yes } = options;
  checkSomebodyCanAnswer(yes === true);
  const { config, pulumi, engine, state } = await openStack(stack, {
    engine: () => ensureEngine({ consent: yes === true, onProgress: say }),
    complete: ({ docker }, written) => decideImageSource(docker, stack, written),
  });
  await preflight(engine, config, state);
  await provideImages(engine.docker, stack, config);
  const code = await changed({ ...options, pulumiArgs }, { config, pulumi, engine, state });
  if (code !== exitCode.done) await clearFailed(engine.docker, stack, config);
  const statuses = await stackStatus(engine.docker, config);
  console.log(`\n${statusTable(statuses)}`);
  if (code !== exitCode.done) return code;
  return statuses.every(({ ok }) => ok) ? exitCode.done : exitCode.failed;
}

/** Brings the engine in line with the configuration. @returns with which code */
async function changed(
  { stack, yes, repair, pulumiArgs }: Options & { pulumiArgs: string[] },
  { config, pulumi, state }: OpenStack,
): Promise<ExitCode> {
  const inputs = inputsOf(config);
  if (repair === undefined && pulumiArgs.length === 0 && isApplied(stack, inputs)) {
    say("nothing to change: configuration, code and state are those of the last up");
    return exitCode.done;
  }
  const replace = preparingTasks(state, repair).flatMap((urn) => ["--replace", urn]);
  const flags = [...policyArgs(stack, config), ...replace];
  const changesAreCertain = repair !== undefined || containers(state).length === 0 || isConfigEdited(stack, inputs);
  const { code } = await apply(pulumi, { stack, yes: yes === true, flags, pulumiArgs, changesAreCertain });
  // With flags such as --target not all of it may have been applied.
  if (code === exitCode.done && pulumiArgs.length === 0) noteApplied(stack, inputs);
  return code;
}

/** Adds the verb to the command. */
export function register(program: Command): void {
  program
    .command("up")
    .description("bring the stack up, or in line with its configuration")
    .argument("[pulumi...]", "flags for pulumi up, such as --refresh, --diff, --expect-no-changes, --target URN")
    .option("--stack <name>", "the stack to work on", defaultStack())
    .option("-y, --yes", "do not ask; also installs and starts a Docker engine if there is none")
    .addOption(
      new Option(
        "--repair [service]",
        "give a service's data and configuration to its owner again, and restart it",
      ).choices(services.map(({ name }) => name)),
    )
    .allowUnknownOption()
    .action(async (pulumiArgs: string[], options: Options) => {
      process.exitCode = await alone(options.stack, "up", () => up(options, pulumiArgs));
    });
}
