// Makes a container anew from what the engine says of it, as Watchtower and Portainer do: same name, labels, mounts and
// networks, another id.
import Docker from "dockerode";

const docker = new Docker();

export async function recreate(container: Docker.Container): Promise<void> {
  const { Id, Name, Config, HostConfig, NetworkSettings } = await container.inspect();
  const name = Name.slice(1);
  const old = docker.getContainer(Id);
  await old.rename({ name: `${name}-old` });
  await old.stop();
  const endpoints = Object.entries(NetworkSettings.Networks).map(([network, { Aliases }]) => [
    network,
    { Aliases: ((Aliases ?? []) as string[]).filter((alias) => alias !== Id.slice(0, 12)) },
  ]);
  const [first, ...others] = endpoints as [string, { Aliases: string[] }][];
  const made = await docker.createContainer({
    ...Config,
    name,
    HostConfig,
    NetworkingConfig: { EndpointsConfig: Object.fromEntries(first ? [first] : []) },
  } as Docker.ContainerCreateOptions);
  for (const [network, EndpointConfig] of others)
    await docker.getNetwork(network).connect({ Container: made.id, EndpointConfig });
  await made.start();
  await old.remove();
}
