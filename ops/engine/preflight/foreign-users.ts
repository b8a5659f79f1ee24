// Containers of somebody else that use what `destroy` would remove.
import type Docker from "dockerode";
import type { StackConfig } from "../../../components/config/keys/base.ts";
import { networkNames } from "../../../components/definition/names.ts";
import { exitCode, XnaiError } from "../../../lib/errors.ts";
import { containerIds } from "../../pulumi/resources.ts";
import type { StackState } from "../../pulumi/state.ts";
import { neighbours } from "../neighbours.ts";

/**
 * Makes sure that only the stack's own containers use its networks and these places: the engine removes none that is in
 * use, so that `destroy` would wait in vain and leave half of the stack.
 * @param places names of the volumes that would be removed, and directories whose content would be
 * @throws XnaiError (machine) that names every container and what it uses
 */
export async function checkNoForeignUsers(
  docker: Docker,
  config: StackConfig,
  state: StackState,
  places: string[],
): Promise<void> {
  const own = containerIds(state);
  const containers = await docker.listContainers({ all: true });
  const found = [
    ...neighbours(containers, own, Object.values(networkNames(config.prefix))).map(({ text }) => text),
    ...withPlaces(containers, places, own),
  ];
  if (found.length > 0)
    throw new XnaiError(
      exitCode.machine,
      `Containers that this stack did not make use networks or volumes that would be removed:\n${found.join("\n")}`,
      "Remove them, or take them off a network with: docker network disconnect NETWORK CONTAINER. Nothing was changed.",
    );
}

function withPlaces(containers: Docker.ContainerInfo[], places: string[], own: Set<string>): string[] {
  return containers
    .filter(({ Id }) => !own.has(Id))
    .flatMap(({ Names, Mounts }) =>
      Mounts.map(({ Name, Source }) => Name ?? Source)
        .filter((place) => places.includes(place))
        .map((place) => `${Names[0]?.slice(1)} uses ${place}`),
    );
}
