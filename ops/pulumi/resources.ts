// What the resources in a stack's state are: the stack's own containers, its data, its Jobs. The labels decide that each was
// made with. Data must never be taken for anything else, so what carries no such label counts as data. Pure.
import { configRole, label } from "../../lib/labels.ts";
import type { StackState, StateResource } from "./state.ts";

const containerType = "docker:index/container:Container";
const volumeType = "docker:index/volume:Volume";

/** The containers that state knows. */
export function containers(state: StackState): StateResource[] {
  return state.resources.filter(({ type }) => type === containerType);
}

/** Ids of the containers that state knows: these are the stack's own. */
export function containerIds(state: StackState): Set<string> {
  return new Set(containers(state).flatMap(({ id }) => id || []));
}

/** Volumes with data, which outlive the stack: all but those that are labelled as configuration. */
export function dataVolumes(state: StackState): StateResource[] {
  return state.resources.filter((each) => each.type === volumeType && labelOf(each, label.role) !== configRole);
}

/** Names of the volumes with data, sorted. */
export function dataVolumeNames(state: StackState): string[] {
  return dataVolumes(state)
    .map(({ inputs }) => String(inputs?.name))
    .toSorted();
}

/** Directories on the host that hold data (`storage.root`), sorted: whatever a container mounts that is not a service. */
export function dataDirectories(state: StackState): string[] {
  const paths = containers(state)
    .filter((each) => labelOf(each, label.role) !== "service")
    .flatMap(({ inputs }) => (inputs?.volumes ?? []) as { hostPath?: string }[])
    .flatMap(({ hostPath }) => hostPath || []);
  return [...new Set(paths)].toSorted();
}

/**
 * URNs of the Jobs that give data and configuration files to their owner.
 * @param service whose Jobs: `true` for all services, undefined for none
 */
export function preparingJobs(state: StackState, service: string | true | undefined): string[] {
  if (service === undefined) return [];
  return containers(state)
    .filter((each) => labelOf(each, label.owner) !== undefined)
    .filter((each) => service === true || labelOf(each, label.service) === service)
    .map(({ urn }) => urn);
}

/** The value of a label that a resource was made with; the provider takes labels as a list of `{label, value}`. */
function labelOf({ inputs }: StateResource, name: string): string | undefined {
  const labels = (inputs?.labels ?? []) as { label?: string; value?: string }[];
  return labels.find((each) => each.label === name)?.value;
}
