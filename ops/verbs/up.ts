// `xnai up`: from whatever this machine has to a running, healthy stack.
import { type Command, Option } from "commander";
import { services } from "../../components/services.ts";
import { exitCode } from "../../lib/errors.ts";
import { say } from "../../lib/progress.ts";
import { ensureEngine } from "../engine/ensure.ts";
import { preflight } from "../engine/preflight/index.ts";
import { decideImageSource, provideImages } from "../engine/provide-images.ts";
import { stackStatus, statusTable } from "../engine/status.ts";
import { openStack } from "../open-stack.ts";
import { defaultStack } from "../paths.ts";
import { isConfigEdited, noteApplied } from "../pulumi/applied.ts";
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

async function up({ stack, yes, repair }: Options, pulumiArgs: string[]): Promise<number> {
  checkSomebodyCanAnswer(yes === true);
  const { config, pulumi, engine, state } = await openStack(stack, {
    engine: () => ensureEngine({ consent: yes === true, onProgress: say }),
    complete: ({ docker }, written) => decideImageSource(docker, stack, written),
  });
  await preflight(engine, config, state);
  await provideImages(engine.docker, stack, config);
  const replace = preparingTasks(state, repair).flatMap((urn) => ["--replace", urn]);
  const flags = [...policyArgs(stack, config), ...replace];
  const changesAreCertain = repair !== undefined || containers(state).length === 0 || isConfigEdited(stack, config);
  const { code } = await apply(pulumi, { stack, yes: yes === true, flags, pulumiArgs, changesAreCertain });
  if (code !== exitCode.done) await clearFailed(engine.docker, stack);
  const statuses = await stackStatus(engine.docker, config);
  console.log(`\n${statusTable(statuses)}`);
  if (code !== exitCode.done) return code;
  noteApplied(stack, config);
  return statuses.every(({ ok }) => ok) ? exitCode.done : exitCode.failed;
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
