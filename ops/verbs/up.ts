// `xnai up`: from whatever this machine has to a running, healthy stack.
import { type Command, Option } from "commander";
import type { StackConfig } from "../../components/config/schema.ts";
import { containerSuffix, type ServiceName, serviceNames } from "../../components/constants.ts";
import { defaultNofile } from "../../components/engine/hardening.ts";
import { exitCode } from "../../lib/errors.ts";

import { say } from "../../lib/progress.ts";
import { defaultStack, stackConfig } from "../context.ts";
import { ensureEngine } from "../engine/find.ts";
import { decideSource, provideImages } from "../engine/images.ts";
import { checkNofile } from "../engine/limits.ts";
import { checkDataStays, checkFree } from "../engine/preflight.ts";
import { stackStatus } from "../engine/status.ts";
import { runPulumi } from "../pulumi/cli.ts";
import { alone } from "../pulumi/lock.ts";
import { policyArgs } from "../pulumi/policy-args.ts";
import { clearInterrupted, releaseDeadLocks } from "../pulumi/recover.ts";
import { readState, type StackState } from "../pulumi/state.ts";
import { ensureStack, pulumiEnv } from "../pulumi/workspace.ts";
import { statusTable } from "./status.ts";

interface Options {
  stack: string;
  yes?: boolean;
  /** True: every service. */
  repair?: ServiceName | true;
}

/** URNs of the preparing Jobs that `--repair` runs again. */
export function repairTargets(state: StackState, repair: Options["repair"]): string[] {
  const endings = serviceNames
    .filter((name) => repair === true || name === repair)
    .map((name) => `Container::${containerSuffix[name].replaceAll("_", "-")}-prepare`);
  return state.resources.map(({ urn }) => urn).filter((urn) => endings.some((ending) => urn.endsWith(ending)));
}

/** Open files that each service asks for. */
const openFiles = (config: StackConfig) =>
  Object.fromEntries(
    serviceNames
      .filter((name) => config.services[name])
      .map((name) => [name, config.resources[name]?.nofile ?? defaultNofile]),
  );

export async function up({ stack, yes, repair }: Options, passedOn: string[]): Promise<number> {
  const initial = stackConfig(stack);
  releaseDeadLocks(stack);
  const env = await pulumiEnv(stack);
  const engine = await ensureEngine({ consent: yes === true, onProgress: say });
  env.env.DOCKER_HOST = engine.host;
  const config = await decideSource(engine.docker, stack, initial);
  await ensureStack(stack, env);
  const state = await clearInterrupted(engine.docker, stack, config, await readState(stack, env), env);
  checkDataStays(config, state);
  await checkFree(engine.docker, config, state);
  checkNofile(engine, openFiles(config));
  await provideImages(engine.docker, stack, config);
  const replace = repairTargets(state, repair).flatMap((urn) => ["--replace", urn]);
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
