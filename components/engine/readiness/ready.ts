// The resource that is there once a service answers: what needs the service waits for it. It is asked again when the
// container is another one, and told of files that it reads while it runs.

import type * as pulumi from "@pulumi/pulumi";
import type Docker from "dockerode";
import type { EngineTraits } from "../../../lib/engine/traits.ts";
import type { Health } from "../../definition/container.ts";
import type { Damage } from "../../definition/damage.ts";
import { readyTitle } from "../../definition/names.ts";
import { contentKeepers, keptValues } from "../tasks/contents.ts";
import type { Conversation } from "../tasks/http-task.ts";
import { follows, Marker } from "../tasks/marker.ts";
import { limitPids, takesPids } from "./pids.ts";
import { type ReloadedFiles, reloadFiles } from "./reload.ts";
import { waitUntilReady } from "./wait.ts";

/** What it is made with. */
export interface ReadyArgs {
  /** The engine of the Docker provider. */
  engine: Docker;
  service: string;
  /** The container's name. */
  containerName: string;
  /** The container. */
  container: pulumi.CustomResource;
  health: Health;
  /** What the engine is. */
  traits: EngineTraits;
  /** Where its limits are set. */
  limitsKey: string;
  /** Processes and threads that it may have, where the engine can limit them. */
  pids: number;
  /** Damage that its log may tell of. */
  damage?: readonly Damage[] | undefined;
  /** Files that it reads while it runs, and the task that writes them. @default none */
  reload?: ReloadedFiles | undefined;
  /** Done when it answers. @default nothing */
  whenReady?: Conversation | undefined;
}

/** How long a service may take to answer for the first time, seconds. */
const readyWithinSeconds = 90;
/** The marker of a service that answers. */
export class Ready extends Marker {
  constructor(name: string, args: ReadyArgs, opts: pulumi.CustomResourceOptions) {
    const { engine, service, containerName, container, health, limitsKey, traits, pids, reload, damage } = args;
    const { whenReady } = args;
    const counted = takesPids(traits);
    super(
      name,
      {
        title: readyTitle(service),
        keepers: {
          containerName,
          ...(counted && { pids: `${pids}` }),
          ...(reload && contentKeepers("file", reload)),
          ...keptValues(whenReady?.wanted),
          follows: follows([container]),
        },
        work: async (say) => {
          // Some engines refuse it in the instant between two restarts of a crash loop, which is told of below.
          const limit = async () => counted && limitPids(engine, traits, { name: containerName, pids }, say);
          const limited = await limit().then(
            () => true,
            () => false,
          );
          const answers = () =>
            waitUntilReady(engine, {
              name: containerName,
              service,
              test: health.test,
              testMilliseconds: (health.timeoutSeconds ?? 5) * 1000,
              withinSeconds: readyWithinSeconds,
              limitsKey,
              ...(damage && { damage }),
            });
          // Who is told by a command has to answer first; a signal is taken in afterwards.
          if (reload && !reload.signal) await answers();
          if (reload) await reloadFiles(engine, containerName, reload, say);
          await answers();
          if (!limited) await limit();
          return whenReady ? whenReady.through(engine.getContainer(containerName)) : [];
        },
      },
      { ...opts, dependsOn: [container] },
    );
  }
}
