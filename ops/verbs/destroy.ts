// `xnai destroy`: removes what the stack made, and keeps the data and the secrets that open it.
import { confirm } from "@inquirer/prompts";
import type { Command } from "commander";
import type Docker from "dockerode";
import { exitCode, XnaiError } from "../../lib/errors.ts";

import { say } from "../../lib/progress.ts";
import { differences } from "../engine/drift/compare.ts";
import { clearTheWay, withReplaced } from "../engine/drift/put-right.ts";
import { engineView } from "../engine/drift/view.ts";
import { checkNoForeignUsers } from "../engine/preflight/foreign-users.ts";
import { openStack } from "../open-stack.ts";
import { defaultStack, stateDir } from "../paths.ts";
import { runPulumi } from "../pulumi/cli.ts";
import { alone } from "../pulumi/lock.ts";
import { dataDirectories, dataVolumeNames, dataVolumes } from "../pulumi/resources.ts";
import { usesLocalBackend } from "../pulumi/state.ts";

interface Options {
  stack: string;
  yes?: boolean;
  data?: boolean;
}

async function destroy({ stack, yes, data }: Options, pulumiArgs: string[]): Promise<number> {
  const { config, pulumi, engine, state } = await openStack(stack);
  const volumes = dataVolumeNames(state);
  const inPlaceOfOurs = differences({ config, state, view: await engineView(engine.docker) }).filter(
    ({ inTheWay }) => inTheWay,
  );
  await checkNoForeignUsers(engine.docker, config, withReplaced(state, inPlaceOfOurs), data ? volumes : []);
  if (data && !yes) await askForConsent(stack, volumes);
  await clearTheWay(engine.docker, inPlaceOfOurs);
  const kept = data ? [] : ["**RandomPassword**", ...dataVolumes(state).map(({ urn }) => urn)];
  const { code } = await runPulumi(
    [
      // Who has agreed beforehand reads no preview.
      ...["destroy", "--stack", stack, ...(yes || data ? ["--yes", "--skip-preview"] : [])],
      ...kept.flatMap((urn) => ["--exclude", urn]),
      ...pulumiArgs,
    ],
    pulumi,
  );
  if (code !== exitCode.done) return code;
  if (data) for (const name of volumes) await removeVolume(engine.docker, name);
  (data ? tellDeleted : tellKept)(volumes, dataDirectories(state));
  return code;
}

/** @throws XnaiError (usage) when there is nobody to ask, (failed) when the answer is no */
async function askForConsent(stack: string, volumes: string[]): Promise<void> {
  const message = `This deletes the data of stack ${stack} for good, and the passwords that open it: ${volumes.join(", ") || "no volumes found"}. Go on?`;
  if (!process.stdin.isTTY)
    throw new XnaiError(
      exitCode.usage,
      `${message} Standard input is not a terminal, so that nobody can answer.`,
      "Run again with --yes if you mean it.",
    );
  if (!(await confirm({ message, default: false })))
    throw new XnaiError(exitCode.failed, "Not confirmed.", "Nothing was changed.");
}

async function removeVolume(docker: Docker, name: string): Promise<void> {
  await docker
    .getVolume(name)
    .remove()
    .catch((error: { statusCode?: number }) => {
      if (error.statusCode !== 404) throw error;
    });
}

/** Directories are the user's: no command here deletes them. */
function tellDeleted(volumes: string[], directories: string[]): void {
  say(`deleted: ${volumes.join(", ") || "no volumes were there"}`);
  if (directories.length === 0) return;
  say(`kept: the data in ${directories.join(", ")}`);
  say(`directories are yours to delete: rm -r ${directories.join(" ")}`);
}

function tellKept(volumes: string[], directories: string[]): void {
  const places = [...volumes, ...directories];
  if (places.length > 0) say(`kept: the data in ${places.join(", ")}`);
  say(`kept: its passwords, in ${usesLocalBackend() ? stateDir : "Pulumi's state"}; up brings everything back`);
}

/** Adds the verb to the command. */
export function register(program: Command): void {
  program
    .command("destroy")
    .description("remove the stack; its data and the passwords that open it stay")
    .argument("[pulumi...]", "flags for pulumi destroy")
    .option("--stack <name>", "the stack to work on", defaultStack())
    .option("-y, --yes", "do not ask")
    .option("--data", "delete the data and the passwords too; asks first")
    .allowUnknownOption()
    .action(async (pulumiArgs: string[], options: Options) => {
      process.exitCode = await alone(options.stack, "destroy", () => destroy(options, pulumiArgs));
    });
}
