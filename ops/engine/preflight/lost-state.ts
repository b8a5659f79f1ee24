// What this stack made and its state does not know: then the state is elsewhere, or lost.
import type Docker from "dockerode";
import type { StackConfig } from "../../../components/config/keys/base.ts";
import { namesOf } from "../../../components/names.ts";
import { exitCode, XnaiError } from "../../../lib/errors.ts";
import { configRole, label } from "../../../lib/labels.ts";
import { commandFor, stateDir } from "../../paths.ts";
import { usesLocalBackend } from "../../pulumi/backend.ts";
import { describe, lastWithResources } from "../../pulumi/checkpoints/backups.ts";
import { lastResort } from "../../pulumi/checkpoints/check.ts";
import type { StackState } from "../../pulumi/state.ts";

/** Names of what carries the stack's label and has one of its names. */
export interface Made {
  containers: string[];
  networks: string[];
  /** With data. */
  volumes: string[];
}

/** By the role that only a stack gives: one without was made by hand, for data that moves in (docs/moving.md). */
const isData = (role: string | undefined) => role !== undefined && role !== configRole;

/** What a stack with this configuration has on the engine, by label and name. */
export async function madeOn(docker: Docker, config: StackConfig): Promise<Made> {
  const names = namesOf(config);
  const filters = { label: [`${label.stack}=${config.prefix}`] };
  const [containers, networks, { Volumes }] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
    docker.listVolumes({ filters }),
  ]);
  const ours = (all: string[], known: string[]) => all.filter((name) => known.includes(name)).toSorted();
  return {
    containers: ours(
      containers.flatMap(({ Names }) => Names.map((name) => name.slice(1))),
      names.containers,
    ),
    networks: ours(
      networks.map(({ Name }) => Name),
      names.networks,
    ),
    volumes: ours(
      (Volumes ?? []).filter(({ Labels }) => isData(Labels?.[label.role])).map(({ Name }) => Name),
      names.volumes,
    ),
  };
}

/**
 * Makes sure that a state without anything in it is that of a stack which has nothing.
 * @throws XnaiError (machine) that says what is there
 */
export async function checkNotLost(
  docker: Docker,
  stack: string,
  config: StackConfig,
  state: StackState,
): Promise<void> {
  if (state.resources.length > 0 || state.pending.length > 0) return;
  const { containers, networks, volumes } = await madeOn(docker, config);
  if (containers.length + networks.length + volumes.length === 0) return;
  const where = usesLocalBackend() ? stateDir : process.env.PULUMI_BACKEND_URL;
  const copy = usesLocalBackend() ? lastWithResources(stack) : undefined;
  const best = copy
    ? `Put back the copy from before, with the passwords that open them (${describe(copy)}): ${commandFor(stack, "xnai", `state restore --from "${copy.file}"`)}`
    : `Work in the clone that made it, put ${where} back from your backup, or set another prefix.${usesLocalBackend() ? " If PULUMI_BACKEND_URL was set before, set it again." : ""}`;
  throw new XnaiError(
    exitCode.machine,
    `A stack with the prefix ${config.prefix} is on this engine already (${containers.length} containers, ${networks.length} networks, ${volumes.length} volumes with data), and the state of stack ${stack} in ${where} does not know it.`,
    `${lastResort(stack, best)} Nothing was changed.`,
  );
}
