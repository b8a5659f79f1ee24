// Containers on the stack's networks that are not the stack's own, whether they run or not. Pure.
import type Docker from "dockerode";

/** One container on one network. */
export interface Neighbour {
  name: string;
  network: string;
  /** `xnai_rag_api is on xnai_network`, and that it is stopped where it is. */
  text: string;
}

/**
 * Who else is on these networks. A stopped container counts: without its network it never starts again.
 * @param containers the engine's list, stopped ones included
 * @param own ids of the stack's containers
 * @param networks names
 */
export function neighbours(
  containers: readonly Docker.ContainerInfo[],
  own: ReadonlySet<string>,
  networks: readonly string[],
): Neighbour[] {
  return containers
    .filter(({ Id }) => !own.has(Id))
    .flatMap(({ Id, Names, State, NetworkSettings }) =>
      Object.keys(NetworkSettings?.Networks ?? {})
        .filter((network) => networks.includes(network))
        .map((network) => {
          const name = Names[0]?.slice(1) ?? Id;
          const how = State === "running" ? "" : ` (${State}; it would not start again without that network)`;
          return { name, network, text: `${name} is on ${network}${how}` };
        }),
    );
}
