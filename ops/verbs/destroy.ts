// `xnai destroy`: removes what the stack made, and keeps the data and the secrets that open it.
import type { Command } from "commander";
import type Docker from "dockerode";
import type { StackConfig } from "../../components/config/keys/base.ts";
import { networkNames } from "../../components/definition/names.ts";
import { ignore } from "../../components/engine/api/ignore.ts";
import { exitCode } from "../../lib/errors.ts";
import { label } from "../../lib/labels.ts";
import { say } from "../../lib/progress.ts";
import { stackConfig } from "../config-file.ts";
import { askForConsent } from "../consent.ts";
import { findEngine } from "../engine/connection/find.ts";
import { homeOf } from "../engine/connection/home.ts";
import { dataOf, deleteData, type StackData } from "../engine/delete-data.ts";
import { differences } from "../engine/drift/compare.ts";
import { clearTheWay, withReplaced } from "../engine/drift/put-right.ts";
import { engineView } from "../engine/drift/view.ts";
import { checkNoForeignUsers } from "../engine/preflight/foreign-users.ts";
import { deleteUnused, unusedData, volumesIn } from "../engine/unused-data.ts";
import { openStack } from "../open-stack.ts";
import { defaultStack, stateDir } from "../paths.ts";
import { usesLocalBackend } from "../pulumi/backend.ts";
import { isRestored } from "../pulumi/checkpoints/restore.ts";
import { runPulumi } from "../pulumi/cli.ts";
import { alone } from "../pulumi/lock.ts";
import { withReserve } from "../pulumi/reserve.ts";
import { dataVolumes, madeNetworks } from "../pulumi/resources.ts";
import type { StackState } from "../pulumi/state.ts";
import { localState } from "../pulumi/state.ts";

interface Options {
  stack: string;
  yes?: boolean;
  /** True: of the whole stack. Otherwise of one app that the configuration does not name any more, and of nothing else. */
  data?: boolean | string;
}

/**
 * Pulumi deletes in steps, and a network, which has a parent that goes, one step before the volumes with files, whose parent
 * stays. The provider waits two seconds in each of them: once where the parent of the networks, an empty entry, stays too.
 */
const networksParent = "**xnai:index:Networks::*";

async function destroy({ stack, yes, data }: Options, pulumiArgs: string[]): Promise<number> {
  if (typeof data === "string") {
    const config = stackConfig(stack);
    const { docker } = await findEngine({ home: homeOf(config, localState(stack)) });
    await deleteUnused(docker, config, data, yes === true);
    return exitCode.done;
  }
  const { config, pulumi, engine, state } = await openStack(stack);
  const there = dataOf(config, state, engine.local);
  if (data) there.volumes.push(...volumesIn(await unusedData(engine.docker, config)));
  const inPlaceOfOurs = differences({ config, state, view: await engineView(engine.docker) }).filter(
    ({ inTheWay }) => inTheWay,
  );
  const going = data ? [...there.volumes, ...there.directories] : [];
  await checkNoForeignUsers(engine.docker, config, withReplaced(state, inPlaceOfOurs), going);
  if (data && !yes) await askFirst(stack, there);
  await clearTheWay(engine.docker, inPlaceOfOurs);
  // Who has agreed beforehand reads no preview.
  const args = ["destroy", "--stack", stack, ...(yes || data ? ["--yes", "--skip-preview"] : [])];
  const stays = ["**RandomPassword**", networksParent, ...dataVolumes(state).map(({ urn }) => urn)];
  const kept = stays.flatMap((urn) => ["--exclude", urn]);
  const refresh = isRestored(stack) ? ["--refresh"] : [];
  const run = (...more: string[]) => withReserve(() => runPulumi([...args, ...more, ...pulumiArgs], pulumi));
  const { code } = await run(...refresh, ...kept);
  if (code !== exitCode.done) return code;
  await removeMadeNetworks(engine.docker, config, state);
  if (!data) {
    tellKept(there);
    return code;
  }
  // The passwords go last, so that whatever happens they are there as long as the data is.
  await deleteData(engine, { stack, config }, there);
  const last = await run();
  if (last.code === exitCode.done) tellDeleted(there);
  return last.code;
}

/** What the program made itself, Pulumi does not remove; that of databases may be there without an app that has one. */
async function removeMadeNetworks(docker: Docker, { prefix }: StackConfig, state: StackState): Promise<void> {
  const made = new Set([...madeNetworks(state).map(({ name }) => name), networkNames(prefix).databases]);
  const own = await docker.listNetworks({ filters: { label: [`${label.stack}=${prefix}`] } });
  for (const { Id, Name } of own) if (made.has(Name)) await docker.getNetwork(Id).remove().catch(ignore(404));
}

/** @throws XnaiError (usage) when there is nobody to ask, (failed) when the answer is no */
async function askFirst(stack: string, { volumes, directories }: StackData): Promise<void> {
  const places = [...volumes, ...directories].join(", ") || "no data found";
  await askForConsent(
    `This deletes the data of stack ${stack} for good, and the passwords that open it: ${places}. Go on?`,
  );
}

function tellDeleted({ volumes, directories }: StackData): void {
  say(`deleted: ${[...volumes, ...directories].join(", ") || "no data was there"}, and the passwords`);
  if (directories.length > 0) say("of the directories themselves the empty ones are left, which are yours");
}

function tellKept({ volumes, directories }: StackData): void {
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
    .option(
      "--data [app]",
      "delete the data and the passwords too; with a name only the data of an app that is removed; asks first",
    )
    .allowUnknownOption()
    .action(async (pulumiArgs: string[], options: Options) => {
      process.exitCode = await alone(options.stack, "destroy", () => destroy(options, pulumiArgs));
    });
}
