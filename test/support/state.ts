// Resources as Pulumi's state has them, for tests of what is derived from it.
import type { StackState, StateResource } from "../../ops/pulumi/state.ts";

const urn = (type: string, name: string) => `urn:pulumi:dev::xnai::xnai:index:Stack$${type}::${name}`;

/** A resource with the labels that it was made with, as the provider takes them. */
function resource(
  type: string,
  name: string,
  id: string,
  inputs: object,
  labels: Record<string, string>,
): StateResource {
  const list = Object.entries(labels).map(([label, value]) => ({ label, value }));
  return { urn: urn(type, name), type, id, inputs: { ...inputs, ...(list.length > 0 && { labels: list }) } };
}

export const containerType = "docker:index/container:Container";

/** Without labels unless some are given. */
export function container(name: string, id = name, inputs = {}, labels = {}): StateResource {
  return resource(containerType, name, id, inputs, labels);
}

/** The marker of a task whose container has these labels and other properties. */
export function marker(name: string, labels: Record<string, string>, container: object = {}): StateResource {
  const list = Object.entries(labels).map(([label, value]) => ({ label, value }));
  const keepers = { container: JSON.stringify({ ...container, labels: list }) };
  return resource("random:index/randomUuid:RandomUuid", name, name, { keepers }, {});
}

/** @param labels by default those of the stack: a resource `...-config` is labelled as configuration */
export function volume(
  name: string,
  volumeName: string,
  labels: Record<string, string> = { "io.xnai.role": name.endsWith("-config") ? "config" : "data" },
): StateResource {
  return resource("docker:index/volume:Volume", name, volumeName, { name: volumeName }, labels);
}

export function network(name: string, id: string): StateResource {
  return resource("docker:index/network:Network", name, id, {}, {});
}

/** A state with these resources and nothing under way. */
export function stateOf(...resources: StateResource[]): StackState {
  return { resources, pending: [] };
}
