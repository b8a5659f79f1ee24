// `xnai up`: from whatever this machine has to a running, healthy stack.
import { type Command, Option } from "commander";
import { type ServiceName, serviceNames } from "../../components/constants.ts";
import { exitCode } from "../../lib/errors.ts";
import { alone } from "../../lib/lock.ts";
import { say } from "../../lib/progress.ts";
import { stackConfig } from "../config-file.ts";
import { defaultStack } from "../context.ts";
import { ensureEngine } from "../engine/ensure.ts";
import { preflight } from "../engine/preflight/index.ts";
import { decideImageSource, provideImages } from "../engine/provide-images.ts";
import { stackStatus } from "../engine/status.ts";
import { runPulumi } from "../pulumi/cli.ts";
import { policyArgs } from "../pulumi/policy-args.ts";
import { clearInterrupted, releaseDeadLocks } from "../pulumi/recover.ts";
import { preparingJobs } from "../pulumi/resources.ts";
import { readState } from "../pulumi/state.ts";
import { ensureStack, pulumiEnv } from "../pulumi/workspace.ts";
import { statusTable } from "./status.ts";

interface Options {
  stack: string;
  yes?: boolean;
  /** True: every service. */
  repair?: ServiceName | true;
}

export async function up({ stack, yes, repair }: Options, passedOn: string[]): Promise<number> {
  const initial = stackConfig(stack);
  releaseDeadLocks(stack);
  const env = await pulumiEnv(stack);
  const engine = await ensureEngine({ consent: yes === true, onProgress: say });
  env.env.DOCKER_HOST = engine.host;
  const config = await decideImageSource(engine.docker, stack, initial);
  await ensureStack(stack, env);
  const state = await clearInterrupted(engine.docker, stack, config, await readState(stack, env), env);
  await preflight(engine, config, state);
  await provideImages(engine.docker, stack, config);
  const replace = preparingJobs(state, repair).flatMap((urn) => ["--replace", urn]);
  const { code } = await runPulumi(
    ["up", "--stack", stack, ...(yes ? ["--yes"] : []), ...policyArgs(stack, config), ...replace, ...passedOn],
    env,
  );
  const services = await stackStatus(engine.docker, config);
  console.log(`\n${statusTable(services)}`);
  if (code !== exitCode.done) releaseDeadLocks(stack);
  if (code !== exitCode.done) return code;
  return services.every(({ ok }) => ok) ? exitCode.done : exitCode.failed;
}

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
      ).choices(serviceNames),
    )
    .allowUnknownOption()
    .action(async (passedOn: string[], options: Options) => {
      process.exitCode = await alone(options.stack, "up", () => up(options, passedOn));
    });
}
