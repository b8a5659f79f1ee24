// `xnai destroy`: removes what the stack made, and keeps the data and the secrets that open it.
import { confirm } from "@inquirer/prompts";
import type { Command } from "commander";
import type Docker from "dockerode";
import { exitCode, XnaiError } from "../../lib/errors.ts";
import { alone } from "../../lib/lock.ts";
import { say } from "../../lib/progress.ts";
import { stackConfig } from "../config-file.ts";
import { defaultStack, stateDir } from "../context.ts";
import { findEngine } from "../engine/find.ts";
import { checkNoForeignUsers } from "../engine/preflight/foreign-users.ts";
import { runPulumi } from "../pulumi/cli.ts";
import { clearInterrupted, releaseDeadLocks } from "../pulumi/recover.ts";
import { dataDirectories, dataVolumeNames, dataVolumes } from "../pulumi/resources.ts";
import { localBackend, readState } from "../pulumi/state.ts";
import { ensureStack, pulumiEnv } from "../pulumi/workspace.ts";

interface Options {
  stack: string;
  yes?: boolean;
  data?: boolean;
}

async function removeVolume(docker: Docker, name: string): Promise<void> {
  await docker
    .getVolume(name)
    .remove()
    .catch((error: { statusCode?: number }) => {
      if (error.statusCode !== 404) throw error;
    });
}

async function agree(question: string, yes: boolean | undefined): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY)
    throw new XnaiError(exitCode.usage, `${question} There is nobody to ask.`, "Run again with --yes if you mean it.");
  if (!(await confirm({ message: question, default: false })))
    throw new XnaiError(exitCode.failed, "Not confirmed.", "Nothing was changed.");
}

async function destroy({ stack, yes, data }: Options, passedOn: string[]): Promise<number> {
  const config = stackConfig(stack);
  releaseDeadLocks(stack);
  const env = await pulumiEnv(stack);
  const engine = await findEngine(process.env);
  env.env.DOCKER_HOST = engine.host;
  await ensureStack(stack, env);
  const state = await clearInterrupted(engine.docker, stack, config, await readState(stack, env), env);
  const places = dataVolumeNames(state);
  const directories = dataDirectories(state);
  await checkNoForeignUsers(engine.docker, config, state, data ? places : []);
  if (data)
    await agree(
      `This deletes the data of stack ${stack} for good, and the passwords that open it: ${places.join(", ") || "no volumes found"}. Go on?`,
      yes,
    );
  const keep = data
    ? []
    : ["**RandomPassword**", ...dataVolumes(state).map(({ urn }) => urn)].flatMap((urn) => ["--exclude", urn]);
  const { code } = await runPulumi(
    ["destroy", "--stack", stack, ...(yes || data ? ["--yes"] : []), ...keep, ...passedOn],
    env,
  );
  if (code !== exitCode.done) return code;
  if (data) for (const name of places) await removeVolume(engine.docker, name);
  const kept = data ? directories : [...places, ...directories];
  if (data) say(`deleted: ${places.join(", ") || "no volumes were there"}`);
  if (kept.length > 0) say(`kept: the data in ${kept.join(", ")}`);
  if (data && directories.length > 0) say(`directories are yours to delete: rm -r ${directories.join(" ")}`);
  if (!data) say(`kept: its passwords, in ${localBackend() ? stateDir : "Pulumi's state"}; up brings everything back`);
  return code;
}

export function register(program: Command): void {
  program
    .command("destroy")
    .description("remove the stack; its data and the passwords that open it stay")
    .argument("[pulumi...]", "flags for pulumi destroy")
    .option("--stack <name>", "the stack to work on", defaultStack())
    .option("-y, --yes", "do not ask")
    .option("--data", "delete the data and the passwords too; asks first")
    .allowUnknownOption()
    .action(async (passedOn: string[], options: Options) => {
      process.exitCode = await alone(options.stack, "destroy", () => destroy(options, passedOn));
    });
}
