// What is on the engine, as far as a stack's state can be compared with it: one list of each kind, some milliseconds.
import type Docker from "dockerode";

/** The engine's lists. */
export interface EngineView {
  /** Stopped ones too. */
  containers: Docker.ContainerInfo[];
  networks: Docker.NetworkInspectInfo[];
  volumes: Docker.VolumeInspectInfo[];
}

/** Asks for all three at once. */
export async function engineView(docker: Docker): Promise<EngineView> {
  const [containers, networks, { Volumes }] = await Promise.all([
    docker.listContainers({ all: true }),
    docker.listNetworks(),
    docker.listVolumes(),
  ]);
  return { containers, networks, volumes: Volumes ?? [] };
}

/** Without the slash that the API puts before it. */
export const nameOfContainer = ({ Names, Id }: Docker.ContainerInfo): string => Names[0]?.slice(1) ?? Id;
