// Containers of somebody else that use what `destroy` would remove.
import type Docker from "dockerode";
import type { StackConfig } from "../../../components/config/keys/base.ts";
import { networkNames } from "../../../components/definition/names.ts";
import { exitCode, XnaiError } from "../../../lib/errors.ts";
import { containerIds } from "../../pulumi/resources.ts";
import type { StackState } from "../../pulumi/state.ts";

/**
 * Makes sure that only the stack's own containers use its networks and these volumes: the engine removes none that is in
 * use, so that `destroy` would wait in vain and leave half of the stack.
 * @param volumes names of the volumes that would be removed
 * @throws XnaiError (machine) that names every container and what it uses
 */
export async function checkNoForeignUsers(
  docker: Docker,
  config: StackConfig,
  state: StackState,
  volumes: string[],
): Promise<void> {
  const stackContainers = containerIds(state);
  const found = [
    ...(await onNetworks(docker, config, stackContainers)),
    ...(await withVolumes(docker, volumes, stackContainers)),
  ];
  if (found.length > 0)
    throw new XnaiError(
      exitCode.machine,
      `Containers that this stack did not make use networks or volumes that would be removed:\n${found.join("\n")}`,
      "Remove them, or take them off a network with: docker network disconnect NETWORK CONTAINER. Nothing was changed.",
    );
}

async function onNetworks(docker: Docker, config: StackConfig, stackContainers: Set<string>): Promise<string[]> {
  const names = Object.values(networkNames(config.prefix));
  const found: string[] = [];
  for (const { Id, Name } of await docker.listNetworks()) {
    if (!names.includes(Name)) continue;
    const { Containers } = (await docker.getNetwork(Id).inspect()) as { Containers?: Record<string, { Name: string }> };
    for (const [id, container] of Object.entries(Containers ?? {}))
      if (!stackContainers.has(id)) found.push(`${container.Name} is on ${Name}`);
  }
  return found;
}

async function withVolumes(docker: Docker, volumes: string[], stackContainers: Set<string>): Promise<string[]> {
  const foreign = (await docker.listContainers({ all: true })).filter(({ Id }) => !stackContainers.has(Id));
  return foreign.flatMap(({ Names, Mounts }) =>
    Mounts.flatMap(({ Name }) => (Name && volumes.includes(Name) ? [`${Names[0]?.slice(1)} uses ${Name}`] : [])),
  );
}
