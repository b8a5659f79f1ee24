// What an interrupted run leaves on the engine: the container of the task that was at work. The next run takes it away, and
// never by force as long as it may be writing to somebody's data.
import type Docker from "dockerode";
import { label } from "../../../lib/labels.ts";
import { ignore } from "../api/ignore.ts";

/** Whose leftovers are cleared, and what to do with a sentence about it. */
export interface LeftoversArgs {
  /** `stateId` of the stack. */
  state: string;
  /** Seconds that one which still works may take to its end. */
  waitSeconds: number;
  /** Name of the one container to look at. @default all of this state */
  name?: string;
  say: (text: string) => void;
}

/**
 * Removes containers of tasks that no run is waiting for any more. One that still works is stopped first as gently as it can
 * be: a script goes on to its end, which the engine waits for as long as the task may take.
 */
export async function clearLeftovers(docker: Docker, { state, waitSeconds, name, say }: LeftoversArgs): Promise<void> {
  const filters = { label: [`${label.state}=${state}`] };
  for (const { Id, Names, State } of await docker.listContainers({ all: true, filters })) {
    const found = Names[0]?.slice(1) ?? Id;
    if (name !== undefined && found !== name) continue;
    const container = docker.getContainer(Id);
    if (State === "paused") await container.unpause();
    if (State === "running" || State === "paused") {
      say(`${found} of an interrupted run is still at work: waiting for its end`);
      await container.stop({ t: waitSeconds }).catch(ignore(304, 404));
    }
    await container.remove({ force: true }).catch(ignore(404, 409));
    say(`${found}, left behind by an interrupted run, is removed`);
  }
}
