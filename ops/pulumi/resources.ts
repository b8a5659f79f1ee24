// What the resources in a stack's state are: the stack's own containers, its data, its tasks. The labels decide that each was
// made with. Data must never be taken for anything else, so what carries no such label counts as data. Pure.
import { ownedPlaces, preparedPlaces } from "../../components/definition/names.ts";
import { configRole, label } from "../../lib/labels.ts";
import { markerType } from "../../policies/facts/marker.ts";
import type { StackState, StateResource } from "./state.ts";

const containerType = "docker:index/container:Container";
const volumeType = "docker:index/volume:Volume";
const networkType = "docker:index/network:Network";

/** The containers that state knows. */
export function containers(state: StackState): StateResource[] {
  return state.resources.filter(({ type }) => type === containerType);
}

/** Ids of the containers that state knows: these are the stack's own. */
export function containerIds(state: StackState): Set<string> {
  return new Set(containers(state).flatMap(({ id }) => id || []));
}

/** The networks that state knows. */
export function networks(state: StackState): StateResource[] {
  return state.resources.filter(({ type }) => type === networkType);
}

/** A network that the program made itself, as its marker describes it (components/engine/network-without-route.ts). */
export interface MadeNetwork {
  urn: string;
  name: string;
  options: Record<string, string>;
}

/** Such networks, which state knows by their names alone. */
export function madeNetworks(state: StackState): MadeNetwork[] {
  return state.resources
    .filter(({ type }) => type === markerType)
    .flatMap(({ urn, inputs }) => {
      const keeper = (inputs?.keepers as Record<string, unknown> | undefined)?.network;
      return typeof keeper === "string" ? [{ urn, ...(JSON.parse(keeper) as Omit<MadeNetwork, "urn">) }] : [];
    });
}

/** The volumes that state knows. */
export function volumes(state: StackState): StateResource[] {
  return state.resources.filter(({ type }) => type === volumeType);
}

/** Volumes with data, which outlive the stack: all but those that are labelled as configuration. */
export function dataVolumes(state: StackState): StateResource[] {
  return volumes(state).filter((each) => labelOf(each, label.role) !== configRole);
}

/** Names of the volumes with data, sorted. */
export function dataVolumeNames(state: StackState): string[] {
  return dataVolumes(state)
    .map(({ inputs }) => String(inputs?.name))
    .toSorted();
}

/** A task's container, as the marker of the task describes it: it is on the engine only while it is at work. */
interface DescribedTask {
  urn: string;
  labels: Record<string, string>;
  /** Without those of the user's that an app mounts, or is given: they are no data of the stack's. */
  hostPaths: string[];
}

interface Volume {
  hostPath?: string;
  containerPath?: string;
}

/** Whether a task sees data there that it prepares; those of apps see there what the app does. */
const isPreparedData = (path: string) => path.startsWith(preparedPlaces) && !path.startsWith(ownedPlaces);

/** The tasks that state knows. */
function tasks(state: StackState): DescribedTask[] {
  return state.resources
    .filter(({ type }) => type === markerType)
    .flatMap(({ urn, inputs }) => {
      const keeper = (inputs?.keepers as Record<string, unknown> | undefined)?.container;
      return typeof keeper === "string" ? [JSON.parse(keeper)].flat().map((each) => ({ urn, ...each })) : [];
    })
    .map(({ urn, labels = [], volumes = [] }) => ({
      urn,
      labels: Object.fromEntries(labels.map((each: { label: string; value: string }) => [each.label, each.value])),
      hostPaths: volumes
        .filter(({ containerPath }: Volume) => containerPath === undefined || isPreparedData(containerPath))
        .flatMap(({ hostPath }: Volume) => hostPath ?? []),
    }));
}

/** Directories on the host that hold data (`storage.root`), sorted: whatever a task prepares. */
export function dataDirectories(state: StackState): string[] {
  // In stacks of an earlier version a task was a container in state.
  const earlier = containers(state)
    .filter((each) => labelOf(each, label.role) !== "service")
    .flatMap(({ inputs }) => (inputs?.volumes ?? []) as { hostPath?: string }[])
    .flatMap(({ hostPath }) => hostPath || []);
  return [...new Set([...tasks(state).flatMap(({ hostPaths }) => hostPaths), ...earlier])].toSorted();
}

/**
 * URNs of the tasks that give data and configuration files to their owner.
 * @param service whose tasks: `true` for all services, undefined for none
 */
export function preparingTasks(state: StackState, service: string | true | undefined): string[] {
  if (service === undefined) return [];
  return tasks(state)
    .filter(({ labels }) => labels[label.owner] !== undefined)
    .filter(({ labels }) => service === true || labels[label.service] === service)
    .map(({ urn }) => urn);
}

/** The marker of a service that answers, by the name of its container; undefined while it has not answered. */
export function readyMarker(state: StackState, containerName: string): StateResource | undefined {
  return state.resources.find(
    ({ type, inputs }) =>
      type === markerType && (inputs?.keepers as Record<string, unknown> | undefined)?.containerName === containerName,
  );
}

/** The value of a label that a resource was made with; the provider takes labels as a list of `{label, value}`. */
export function labelOf({ inputs }: StateResource, name: string): string | undefined {
  const labels = (inputs?.labels ?? []) as { label?: string; value?: string }[];
  return labels.find((each) => each.label === name)?.value;
}
