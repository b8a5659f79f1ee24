// Names on the engine that the stack needs and that something else has.
import type Docker from "dockerode";
import type { StackConfig } from "../../../components/config/keys/base.ts";
import { namesOf } from "../../../components/names.ts";
import { label, taskRole } from "../../../lib/labels.ts";
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

/** One sentence, with what to do, for each name that is taken. Containers and networks of another clone are told as one. */
export async function takenNames(docker: Docker, config: StackConfig, state: StackState): Promise<string[]> {
  const { containers, networks, volumes } = await holders(docker, config, state);
  const foreign = (all: Holder[]) => all.filter(({ labelled }) => !labelled);
  const twins = (all: Holder[]) => all.filter(({ labelled }) => labelled);
  const otherwise = `or set another prefix (now ${config.prefix}).`;
  return [
    ...twinsOf(config.prefix, twins(containers), twins(networks)),
    ...foreign(containers).map(
      ({ name, image }) =>
        `The container name ${name} is taken by a container of ${image} that this stack did not make: remove it (docker rm -f ${name}), ${otherwise}`,
    ),
    ...foreign(networks).map(
      ({ name }) =>
        `The network name ${name} is taken by a network that this stack did not make: remove it (docker network rm ${name}), ${otherwise}`,
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
  const labelled = (labels?: Record<string, string>) => labels?.[label.stack] === config.prefix;
  const containers = (await docker.listContainers({ all: true })).flatMap(({ Id, Names, Image, Labels }) => {
    const name = Names.map((item) => item.slice(1)).find((item) => names.containers.includes(item));
    const task = Labels[label.role] === taskRole;
    return known.has(Id) || !name ? [] : [{ name, image: Image, labelled: labelled(Labels), task }];
  });
  const networks = (await docker.listNetworks())
    .filter(({ Id, Name }) => names.networks.includes(Name) && !known.has(Id))
    .map(({ Name, Labels }) => ({ name: Name, labelled: labelled(Labels) }));
  const volumes = (await docker.listVolumes()).Volumes.filter(
    ({ Name }) => names.volumes.includes(Name) && !known.has(Name),
  ).map(({ Name, Labels }) => ({ name: Name, labelled: labelled(Labels) }));
  return { containers, networks, volumes };
}

/** What has the same prefix, by its labels, and is not in this clone's state: a stack, or a task that works on this one. */
function twinsOf(prefix: string, containers: Holder[], networks: Holder[]): string[] {
  if (networks.length > 0 || containers.some(({ task }) => !task)) return [twinStack(prefix, containers, networks)];
  return containers.map(
    ({ name }) =>
      `The container ${name} is a task of another clone with the prefix ${prefix}, on the same data: wait until it has ended. If that clone is lost: docker rm -f ${name}`,
  );
}

function twinStack(prefix: string, containers: Holder[], networks: Holder[]): string {
  const remove = [
    ...(containers.length > 0 ? [`docker rm -f $(docker ps -aq --filter label=${label.stack}=${prefix})`] : []),
    ...(networks.length > 0 ? [`docker network rm ${networks.map(({ name }) => name).join(" ")}`] : []),
  ].join(" && ");
  return `A stack with the prefix ${prefix} is on this engine already (${containers.length} containers, ${networks.length} networks), and this clone did not make it. Work in the clone that did, or set another prefix.
  If that clone is lost: ${remove}
  The data stays in its volumes; up takes it over with new passwords; Vikunja's users keep those they had.`;
}
