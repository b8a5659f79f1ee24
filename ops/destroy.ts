// `xnai destroy`: removes what the stack made, and keeps the data and the secrets that open it.
import { confirm } from "@inquirer/prompts";
import type { Command } from "commander";
import type Docker from "dockerode";
import type { StackConfig } from "../components/config.ts";
import { networkNames } from "../components/networks.ts";
import { defaultStack, stackConfig, stateDir } from "./context.ts";
import { findEngine } from "./engine.ts";
import { exitCode, XnaiError } from "./errors.ts";
import { alone } from "./lock.ts";
import { ownContainers } from "./preflight.ts";
import { say } from "./progress.ts";
import { runPulumi } from "./pulumi.ts";
import { clearInterrupted, releaseDeadLocks } from "./recover.ts";
import { readState, type StackState } from "./state.ts";
import { ensureStack, pulumiEnv } from "./workspace.ts";

interface Options {
  stack: string;
  yes?: boolean;
  data?: boolean;
}

const volumeType = "docker:index/volume:Volume";

const dataVolumes = (state: StackState) =>
  state.resources.filter(({ type, urn }) => type === volumeType && !urn.endsWith("-config"));

/** Where this stack keeps what `destroy` leaves: volumes by name, or directories. */
export const dataPlaces = (state: StackState): string[] =>
  dataVolumes(state)
    .map(({ inputs }) => String(inputs?.name))
    .toSorted();

/** A network with somebody else's container on it cannot be removed: the engine would wait, and leave half. */
async function refuseForeign(docker: Docker, config: StackConfig, state: StackState): Promise<void> {
  const own = ownContainers(state);
  const wanted = new Set(Object.values(networkNames(config.prefix)));
  const found: string[] = [];
  for (const { Id, Name } of await docker.listNetworks()) {
    if (!wanted.has(Name)) continue;
    const { Containers } = (await docker.getNetwork(Id).inspect()) as { Containers?: Record<string, { Name: string }> };
    for (const [id, container] of Object.entries(Containers ?? {}))
      if (!own.has(id)) found.push(`${container.Name} is on ${Name}`);
  }
  if (found.length > 0)
    throw new XnaiError(
      exitCode.machine,
      `Containers that this stack did not make use its networks:\n${found.join("\n")}`,
      "Stop them, or take them off with: docker network disconnect NETWORK CONTAINER. Nothing was changed.",
    );
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
  await refuseForeign(engine.docker, config, state);
  const places = dataPlaces(state);
  if (data)
    await agree(`This deletes the data of stack ${stack} for good: ${places.join(", ") || "none found"}. Go on?`, yes);
  const keep = data
    ? []
    : ["**RandomPassword**", ...dataVolumes(state).map(({ urn }) => urn)].flatMap((urn) => ["--exclude", urn]);
  const { code } = await runPulumi(
    ["destroy", "--stack", stack, ...(yes || data ? ["--yes"] : []), ...keep, ...passedOn],
    env,
  );
  if (code !== exitCode.done) return code;
  if (data) for (const name of places) await engine.docker.getVolume(name).remove();
  say(
    data
      ? `deleted: ${places.join(", ") || "no data was there"}`
      : `kept: the data (${places.join(", ") || config.storage.root || "none"}) and its passwords (in ${stateDir}); up brings everything back`,
  );
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
