// Names on the engine that the stack needs and that something else has.
import type Docker from "dockerode";
import type { StackConfig } from "../../../components/config/keys/base.ts";
import { networkNames } from "../../../components/definition/names.ts";
import { namesOf } from "../../../components/names.ts";
import { label, taskRole } from "../../../lib/labels.ts";
import { commandFor } from "../../paths.ts";
import { madeNetworks } from "../../pulumi/resources.ts";
import type { StackState } from "../../pulumi/state.ts";

/** A container, a network or a volume that has one of the stack's names and that state does not know. */
interface Holder {
  name: string;
  /** Whether it carries the label of a stack with this prefix. */
  labelled: boolean;
  /** Of a container. */
  image?: string;
  /** Of a container: whether it is one that runs to its end. */
  task?: boolean;
}

/** One sentence, with what to do, for each name that is taken. What carries the stack's label is told as one. */
export async function takenNames(
  docker: Docker,
  stack: string,
  config: StackConfig,
  state: StackState,
): Promise<string[]> {
  const { containers, networks, volumes } = await holders(docker, config, state);
  const foreign = (all: Holder[]) => all.filter(({ labelled }) => !labelled);
  const labelledOnes = (all: Holder[]) => all.filter(({ labelled }) => labelled);
  const otherwise = `or set another prefix (now ${config.prefix}).`;
  return [
    ...unknownOf(stack, config.prefix, [...labelledOnes(containers), ...labelledOnes(networks)]),
    ...foreign(containers).map(
      ({ name, image }) =>
        `The container name ${name} is taken by a container of ${image} that this stack did not make: put it aside (docker stop ${name} && docker rename ${name} ${name}_aside), ${otherwise}`,
    ),
    ...foreign(networks).map(
      ({ name }) =>
        `The network name ${name} is taken by a network that this stack did not make: remove it if nothing needs it (docker network rm ${name}), ${otherwise}`,
    ),
    // A volume that carries the stack's label belongs to it, whether state knows it or not.
    ...foreign(volumes).map(
      ({ name }) =>
        `The volume name ${name} is taken by a volume that this stack did not make: see docs/moving.md if its data should move in, ${otherwise}`,
    ),
  ];
}

/** What has the stack's names on the engine without being in its state. */
async function holders(
  docker: Docker,
  config: StackConfig,
  state: StackState,
): Promise<Record<"containers" | "networks" | "volumes", Holder[]>> {
  const names = namesOf(config);
  const known = new Set(state.resources.map(({ id }) => id));
  const made = madeNetworks(state).map(({ name }) => name);
  const labelled = (labels?: Record<string, string>) => labels?.[label.stack] === config.prefix;
  const containers = (await docker.listContainers({ all: true })).flatMap(({ Id, Names, Image, Labels }) => {
    const name = Names.map((item) => item.slice(1)).find((item) => names.containers.includes(item));
    const task = Labels[label.role] === taskRole;
    return known.has(Id) || !name ? [] : [{ name, image: Image, labelled: labelled(Labels), task }];
  });
  const networks = (await docker.listNetworks())
    .filter(({ Id, Name }) => names.networks.includes(Name) && !known.has(Id) && !made.includes(Name))
    .map(({ Name, Labels }) => ({ name: Name, labelled: labelled(Labels) }))
    // It stays when the last app with a database goes, and is known again with the next one.
    .filter((network) => !(network.labelled && network.name === networkNames(config.prefix).databases));
  const volumes = (await docker.listVolumes()).Volumes.filter(
    ({ Name }) => names.volumes.includes(Name) && !known.has(Name),
  ).map(({ Name, Labels }) => ({ name: Name, labelled: labelled(Labels) }));
  return { containers, networks, volumes };
}

/** What carries the stack's label and is not in its state: another clone's, or made since the state was written. */
function unknownOf(stack: string, prefix: string, holders: Holder[]): string[] {
  if (holders.length === 0) return [];
  const tasks = holders.filter(({ task }) => task).map(({ name }) => name);
  const wait =
    tasks.length > 0 ? ` Wait until ${tasks.join(" and ")}, which may be at work on the same data, has ended.` : "";
  return [
    `${holders.map(({ name }) => name).join(", ")}: of a stack with the prefix ${prefix}, and the state of this clone does not know them. Work in the clone that made them, or set another prefix.${wait}
  If that clone is lost, or the state here is an older one: ${commandFor(stack, "up", "--take-over")} makes them anew around their data.`,
  ];
}
