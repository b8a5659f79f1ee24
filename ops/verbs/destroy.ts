// `xnai destroy`: removes what the stack made, and keeps the data and the secrets that open it.
import { confirm } from "@inquirer/prompts";
import type { Command } from "commander";
import type Docker from "dockerode";
import type { StackConfig } from "../../components/config/schema.ts";
import { networkNames } from "../../components/engine/network-names.ts";
import { exitCode, XnaiError } from "../../lib/errors.ts";

import { say } from "../../lib/progress.ts";
import { defaultStack, stackConfig, stateDir } from "../context.ts";
import { findEngine } from "../engine/find.ts";
import { ownContainers } from "../engine/preflight.ts";
import { runPulumi } from "../pulumi/cli.ts";
import { alone } from "../pulumi/lock.ts";
import { clearInterrupted, releaseDeadLocks } from "../pulumi/recover.ts";
import { localBackend, readState, type StackState } from "../pulumi/state.ts";
import { ensureStack, pulumiEnv } from "../pulumi/workspace.ts";

interface Options {
  stack: string;
  yes?: boolean;
  data?: boolean;
}

const containerType = "docker:index/container:Container";
const volumeType = "docker:index/volume:Volume";

const dataVolumes = (state: StackState) =>
  state.resources.filter(({ type, urn }) => type === volumeType && !urn.endsWith("-config"));

/** Where this stack keeps what `destroy` leaves: volumes by name, or directories. */
export const dataPlaces = (state: StackState): string[] =>
  dataVolumes(state)
    .map(({ inputs }) => String(inputs?.name))
    .toSorted();

/** Directories on the host that hold data, with `storage.root`; they are the user's, and no command here deletes them. */
export const hostDirectories = (state: StackState): string[] =>
  state.resources
    .filter(({ type, urn }) => type === containerType && urn.endsWith("-prepare"))
    .flatMap(({ inputs }) => (inputs?.volumes ?? []) as { hostPath?: string }[])
    .flatMap(({ hostPath }) => hostPath ?? [])
    .toSorted();

/** A network or a volume that somebody else's container uses cannot be removed: the engine would wait, and leave half. */
async function refuseForeign(docker: Docker, config: StackConfig, state: StackState, volumes: string[]): Promise<void> {
  const own = ownContainers(state);
  const wanted = new Set(Object.values(networkNames(config.prefix)));
  const found: string[] = [];
  for (const { Id, Name } of await docker.listNetworks()) {
    if (!wanted.has(Name)) continue;
    const { Containers } = (await docker.getNetwork(Id).inspect()) as { Containers?: Record<string, { Name: string }> };
    for (const [id, container] of Object.entries(Containers ?? {}))
      if (!own.has(id)) found.push(`${container.Name} is on ${Name}`);
  }
  for (const { Id, Names, Mounts } of await docker.listContainers({ all: true }))
    for (const { Name } of Mounts)
      if (Name && volumes.includes(Name) && !own.has(Id)) found.push(`${Names[0]?.slice(1)} uses ${Name}`);
  if (found.length > 0)
    throw new XnaiError(
      exitCode.machine,
      `Containers that this stack did not make use what would be removed:\n${found.join("\n")}`,
      "Remove them, or take them off a network with: docker network disconnect NETWORK CONTAINER. Nothing was changed.",
    );
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
  const places = dataPlaces(state);
  const directories = hostDirectories(state);
  await refuseForeign(engine.docker, config, state, data ? places : []);
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
