// Whether the data of a stack is still where it was: a volume or a directory may be there and hold nothing, as when a disk is
// not mounted. What a task has prepared holds a file of its own (prepare.sh), and that is looked for: about 1 ms each.
import type { IncomingMessage } from "node:http";
import type Docker from "dockerode";
import type { StackConfig } from "../../../components/config/keys/base.ts";
import { label } from "../../../lib/labels.ts";
import { scriptCommand } from "../../../lib/shell.ts";
import { containers, labelOf, preparingTasks } from "../../pulumi/resources.ts";
import type { StackState } from "../../pulumi/state.ts";
import { type Place, runAsRoot, titleOf } from "../root-task.ts";
import type { Difference } from "./compare.ts";
import type { EngineView } from "./view.ts";

/** A place that a container writes to. */
interface MountedPlace extends Place {
  /** The container's id. */
  container: string;
  /** Where it sees the place. */
  path: string;
}

/** Places of the services that are on and whose containers are on the engine. Pure. */
function places(config: StackConfig, state: StackState, view: EngineView): MountedPlace[] {
  return containers(state).flatMap((each) => {
    const service = labelOf(each, label.service) ?? "";
    const { id } = each;
    if (!id || config.services[service] !== true || !view.containers.some(({ Id }) => Id === id)) return [];
    const mounts = (each.inputs?.volumes ?? []) as (Partial<Place> & { containerPath: string; readOnly?: boolean })[];
    return mounts.flatMap(({ containerPath: path, readOnly, volumeName, hostPath }) =>
      readOnly
        ? []
        : [{ service, container: id, path, ...(volumeName ? { volumeName } : { hostPath: `${hostPath}` }) }],
    );
  });
}

/** Places that do not hold what a task left there: they are empty, or hold what somebody else put there. */
export async function suspiciousPlaces(
  docker: Docker,
  config: StackConfig,
  state: StackState,
  view: EngineView,
): Promise<MountedPlace[]> {
  const all = places(config, state, view);
  const marked = await Promise.all(
    all.map(({ container, path }) =>
      docker
        .getContainer(container)
        .infoArchive({ path: `${path}/.xnai` })
        .then(
          (answer: IncomingMessage) => {
            // The connection is free for the next question only when this answer has been read.
            answer.resume();
            return true;
          },
          // Any other answer, as of a container that cannot be looked into now, says nothing about the data.
          ({ statusCode }: { statusCode?: number }) => statusCode !== 404,
        ),
    ),
  );
  return all.filter((_, index) => !marked[index]);
}

/**
 * Which of these places hold nothing: by a container that looks into them, because only the engine can. What holds something
 * is marked as prepared.
 */
export async function emptied(
  docker: Docker,
  { stack, config, state }: { stack: string; config: StackConfig; state: StackState },
  suspicious: readonly MountedPlace[],
): Promise<Difference[]> {
  if (suspicious.length === 0) return [];
  const at = (index: number) => `/look/${index}`;
  const lines = await runAsRoot(docker, {
    stack,
    config,
    name: "look",
    command: scriptCommand(
      "sh",
      import.meta.dirname,
      "look.sh",
      suspicious.flatMap((place, index) => [at(index), titleOf(place)]),
    ),
    places: suspicious.map((place, index) => ({ ...place, path: at(index) })),
  });
  return suspicious
    .filter((place) => lines.includes(titleOf(place)))
    .map((place) => ({
      text: `the ${titleOf(place)} with data of ${place.service} is empty`,
      replace: preparingTasks(state, place.service),
      lostData: place.service,
    }));
}
