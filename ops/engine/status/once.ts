// How it is with what runs to its end: nothing of it stays on the engine, so it is the state that tells whether it has come to its
// end since its last change, and when.
import type Docker from "dockerode";
import type { StackConfig } from "../../../components/config/keys/base.ts";
import { setupTaskName, taskContainerName } from "../../../components/definition/names.ts";
import type { ServiceDefinition } from "../../../components/definition/service.ts";
import { ignore } from "../../../components/engine/api/ignore.ts";
import { label } from "../../../lib/labels.ts";
import { markerType } from "../../../policies/facts/marker.ts";
import type { StackState, StateResource } from "../../pulumi/state.ts";
import { type ServiceStatus, shortReference } from "./service-status.ts";

/** @param state undefined where it is not in this clone */
export async function onceStatus(
  docker: Docker,
  config: StackConfig,
  definition: ServiceDefinition,
  state: StackState | undefined,
): Promise<ServiceStatus> {
  const container = taskContainerName(config.prefix, setupTaskName(definition));
  const info = await docker.getContainer(container).inspect().catch(ignore(404));
  const atWork = info?.Config.Labels[label.stack] === config.prefix;
  const marker = state?.resources.find((each) => isMarkerOf(each, container));
  const common: Omit<ServiceStatus, "state" | "ok"> = {
    service: definition.name,
    container,
    health: "-",
    addresses: [],
    image: imageIn(marker),
    kind: "-",
    warnings: [],
  };
  if (atWork) return { ...common, state: info.State.Status, ok: false, reason: "it has not come to its end yet" };
  if (!state) return { ...common, state: "unknown", ok: true };
  if (!marker)
    return {
      ...common,
      state: "not done",
      ok: false,
      reason: "it has not come to its end since it was changed last; npm run up runs it, and quotes it if it fails",
    };
  return { ...common, state: "done", ok: true, ...(marker.created !== undefined && { ended: marker.created }) };
}

/** One that awaits its replacement is what the failure of a newer one left. */
const isMarkerOf = ({ type, inputs, pendingReplacement }: StateResource, container: string) =>
  type === markerType && pendingReplacement !== true && described(inputs)?.name === container;

/** A task's container, as its marker describes it. */
function described(inputs: StateResource["inputs"]): { name?: string; image?: string } | undefined {
  const keeper = (inputs?.keepers as Record<string, unknown> | undefined)?.container;
  return typeof keeper === "string" ? (JSON.parse(keeper) as { name?: string; image?: string }) : undefined;
}

const imageIn = (marker: StateResource | undefined) => shortReference(described(marker?.inputs)?.image ?? "-");
