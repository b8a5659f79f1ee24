// Before `up` asks Pulumi: what is in the way of it, and where the engine is not as the last one left it.
import type Docker from "dockerode";
import type { StackConfig } from "../../../components/config/keys/base.ts";
import type { StackState } from "../../pulumi/state.ts";
import type { Engine } from "../connection/connect.ts";
import { preflight } from "../preflight/index.ts";
import { provideImages } from "../provide-images.ts";
import { titleOf } from "../root-task.ts";
import { type ServiceStatus, stackStatus } from "../status/index.ts";
import { type Difference, differences } from "./compare.ts";
import { emptied, suspiciousPlaces } from "./data.ts";
import { checkNobodyElseOn, checkNoDataLost, withReplaced } from "./put-right.ts";
import { checkSameData } from "./same-data.ts";
import { engineView } from "./view.ts";

/** What was found before anything is changed. */
export interface Found {
  found: Difference[];
  /** What the services answer. */
  statuses: ServiceStatus[];
}

/**
 * Compares state with the engine, checks what has to hold before anything is changed, and gets missing images.
 * @param acceptDataLoss services whose data may be missing
 * @throws XnaiError with what is in the way; nothing has been changed by then
 */
export async function compareWithEngine(
  stack: string,
  { config, engine, state }: { config: StackConfig; engine: Engine; state: StackState },
  acceptDataLoss: readonly string[],
): Promise<Found> {
  const { docker } = engine;
  const [view, statuses] = await Promise.all([engineView(docker), stackStatus(docker, config, state)]);
  const seen = differences({ config, state, view, statuses });
  checkNoDataLost(seen, acceptDataLoss);
  checkNobodyElseOn(seen, state, view);
  checkSameData(seen, state, view);
  await preflight(engine, stack, config, withReplaced(state, seen));
  await provideImages(docker, stack, config);
  const empty = await emptied(docker, { stack, config, state }, await suspiciousPlaces(docker, config, state, view));
  checkNoDataLost(empty, acceptDataLoss);
  return { found: [...seen, ...empty], statuses };
}

/**
 * The same for `status`, in sentences: changes nothing, and runs nothing.
 * @param state undefined where it is not in this clone: nothing is known then
 */
export async function knownDifferences(
  docker: Docker,
  config: StackConfig,
  state: StackState | undefined,
): Promise<string[]> {
  if (!state) return [];
  const view = await engineView(docker);
  const suspicious = await suspiciousPlaces(docker, config, state, view);
  return [
    ...differences({ config, state, view }).map(({ text }) => text),
    ...suspicious.map(
      (place) => `the ${titleOf(place)} with data of ${place.service} is not as up left it: empty, or restored`,
    ),
  ];
}
