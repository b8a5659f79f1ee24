// Networks that a service has joined while it ran (components/engine/live-network.ts), and is not on any more. Pure.
import type { Joining } from "../../../components/engine/live-network.ts";
import { markerType } from "../../../policies/facts/marker.ts";
import type { StackState } from "../../pulumi/state.ts";
import { type EngineView, nameOfContainer } from "./view.ts";

/** One for each; a container or a network that is not there is told of by itself. */
export function joinedDifferences(
  state: StackState,
  { containers, networks }: EngineView,
): { text: string; replace: string[] }[] {
  return joinings(state).flatMap(({ urn, container, network }) => {
    const found = containers.find((each) => nameOfContainer(each) === container);
    if (!found || found.NetworkSettings?.Networks?.[network] || !networks.some(({ Name }) => Name === network))
      return [];
    const text = `the container ${container} is not on ${network} any more: it joins it again, without a restart`;
    return [{ text, replace: [urn] }];
  });
}

const joinings = ({ resources }: StackState): (Joining & { urn: string })[] =>
  resources.flatMap(({ type, urn, inputs }) => {
    const keeper = (inputs?.keepers as Record<string, unknown> | undefined)?.joins;
    return type === markerType && typeof keeper === "string" ? [{ urn, ...(JSON.parse(keeper) as Joining) }] : [];
  });
