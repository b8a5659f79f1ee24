// The limit of processes and threads, which the provider has no field for: set through the engine's API on a container that is
// there, so that it takes no restart.
import type Docker from "dockerode";

/**
 * Sets it.
 * @param say told when the engine takes no such limit
 */
export async function limitPids(
  docker: Docker,
  name: string,
  pids: number,
  say: (text: string) => void,
): Promise<void> {
  const answer = (await docker.getContainer(name).update({ PidsLimit: pids })) as { Warnings?: string[] | null };
  for (const warning of answer.Warnings ?? [])
    say(`${name}: its processes are not limited to ${pids}, because the engine says: ${warning}`);
}
