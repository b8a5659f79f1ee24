// The limit of processes and threads, which the provider has no field for: set through the engine's API on a container that is
// there, so that it takes no restart.
import type Docker from "dockerode";
import type { EngineTraits } from "../../../lib/engine/traits.ts";
import { libpod } from "../api/libpod.ts";

/** Whether a limit may be set: without the controller Docker answers with a warning, and Podman fails; without cgroups both do. */
export const takesPids = ({ kind, limits, cgroups }: EngineTraits): boolean =>
  cgroups && (kind === "docker" || limits.pids);

/** How it is set on each engine, which may answer with warnings. */
const setters: Record<EngineTraits["kind"], (docker: Docker, name: string, limit: number) => Promise<string[]>> = {
  docker: async (docker, name, PidsLimit) => {
    const answer = (await docker.getContainer(name).update({ PidsLimit })) as { Warnings?: string[] | null };
    return answer.Warnings ?? [];
  },
  // What an update in Docker's words does not name, such as the restart policy, Podman 5.4 takes away.
  podman: async (docker, name, limit) => {
    await libpod(docker, "POST", `/containers/${name}/update`, { body: { pids: { limit } } });
    return [];
  },
};

/**
 * Sets it.
 * @param say told when the engine takes no such limit
 */
export async function limitPids(
  docker: Docker,
  { kind }: Pick<EngineTraits, "kind">,
  { name, pids }: { name: string; pids: number },
  say: (text: string) => void,
): Promise<void> {
  for (const warning of await setters[kind](docker, name, pids))
    say(`${name}: its processes are not limited to ${pids}, because the engine says: ${warning}`);
}
