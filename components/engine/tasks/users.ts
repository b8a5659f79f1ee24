// Who still runs on the volumes that a task is about to change.
import type Docker from "dockerode";
import { label } from "../../../lib/labels.ts";
import type { PlainContainer } from "../api/create-options.ts";
import { ignore } from "../api/ignore.ts";

/**
 * Stops, each with its own grace period, the containers that use what this one may write to, other clients of theirs first.
 * Pulumi has stopped the service already where it replaces it together with the task; where it does not, as in a stack that
 * an earlier version made, the task would otherwise work on live data.
 * @param clients names of the containers that cannot be without a service of this task's, as far as they run
 * @param say is told of a container that is none of the stack's
 */
export async function stopUsers(
  docker: Docker,
  task: PlainContainer,
  clients: string[],
  say: (text: string) => void,
): Promise<void> {
  const places = new Set(
    (task.volumes ?? []).flatMap(({ readOnly, volumeName, hostPath }) =>
      readOnly ? [] : (volumeName ?? hostPath ?? []),
    ),
  );
  const running = (await docker.listContainers()).filter(
    ({ Names, Mounts }) =>
      Names[0] !== `/${task.name}` && Mounts.some(({ RW, Name, Source }) => RW && places.has(Name ?? Source)),
  );
  if (running.length === 0) return;
  for (const name of clients) await docker.getContainer(name).stop().catch(ignore(304, 404));
  for (const { Names, Labels } of running)
    if (Labels[label.stack] === undefined)
      say(`${Names[0]?.slice(1)}, which this stack did not make, writes to the same data and is stopped`);
  await Promise.all(running.map(({ Id }) => docker.getContainer(Id).stop().catch(ignore(304, 404))));
}
