// How much memory containers take.
import type Docker from "dockerode";

/** Container -> MiB as its cgroup counts them, without files that were read and could be dropped: what `docker stats` shows. */
export async function memoryOf(docker: Docker, prefix: RegExp): Promise<Record<string, number>> {
  const list = await docker.listContainers();
  const taken = await Promise.all(
    list.map(async ({ Id, Names }) => {
      const { memory_stats: memory } = await docker.getContainer(Id).stats({ stream: false, "one-shot": true });
      const { total_inactive_file: first, inactive_file: second } = memory.stats as unknown as Record<string, number>;
      const name = (Names[0] ?? "").replace(prefix, "").replace(/-\d+$/, "");
      return [name, (memory.usage - (first ?? second ?? 0)) / 2 ** 20] as const;
    }),
  );
  return Object.fromEntries(taken.toSorted(([a], [b]) => a.localeCompare(b)));
}
