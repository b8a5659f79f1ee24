// What `up` makes again because of something else: a service behind its files, what stops with it, and what waits for both.
// In a stack the markers' ids say so (components/engine/tasks/marker.ts); a preview of nothing has no ids.
import type { StackConfig } from "../../../components/config/keys/base.ts";
import { type Client, networksOfClients, ownersOf } from "../../../components/definition/clients.ts";
import type { NetworkName } from "../../../components/definition/container.ts";
import { dividedFiles } from "../../../components/definition/files.ts";
import {
  clientTaskName,
  joinedName,
  prepareTaskName,
  readyName,
  setupTaskName,
} from "../../../components/definition/names.ts";
import type { FileContent } from "../../../components/definition/secret.ts";
import type { ServiceDefinition } from "../../../components/definition/service.ts";
import { definitionsOf } from "../../../components/services.ts";

/** All that is made again when the resources of these names are, with the names themselves. */
export function followersIn(config: StackConfig): (names: string[]) => Set<string> {
  const services = definitionsOf(config);
  const edges = services.flatMap((service) => edgesOf(service, config, services));
  return (names) => {
    const found = new Set(names);
    // A set that grows while it is gone through: each follower is asked for its own.
    for (const name of found) for (const [from, to] of edges) if (from === name) found.add(to);
    return found;
  };
}

type Edge = [from: string, to: string];

function edgesOf(service: ServiceDefinition, config: StackConfig, services: readonly ServiceDefinition[]): Edge[] {
  const { name, tasks = {}, stopsWith = {} } = service;
  const [prepare, setup, ready] = [prepareTaskName(service), setupTaskName(service), readyName(service)];
  const ran = tasks.setup || service.once ? setup : prepare;
  const { restart, live } = dividedFiles(service, config, services);
  const secretsOf = (files: Record<string, FileContent>, reader: string): Edge[] =>
    Object.values(files).flatMap((content) =>
      typeof content === "string" ? [] : content.secrets.map((secret): Edge => [secret, reader]),
    );
  return [
    ...secretsOf(restart, prepare),
    ...secretsOf(live, ready),
    ...(ran === setup ? [[prepare, setup] satisfies Edge] : []),
    ...(service.once ? [] : [[ran, name] satisfies Edge, [name, ready] satisfies Edge]),
    ...(tasks.afterStart ?? []).flatMap((task): Edge[] => [
      [name, task.name],
      ...task.secrets(config).map((secret): Edge => [secret, task.name]),
    ]),
    ...Object.keys(stopsWith).map((other): Edge => [other, name]),
    ...networkEdges(service, config, networksOfClients(config, services)),
    ...ownersOf(config, service).flatMap((client) => taskEdges(service, client, config)),
  ];
}

/** Of networks that come with the first app on them: what is on one follows it, and so does the service that joins it. */
function networkEdges(service: ServiceDefinition, config: StackConfig, live: NetworkName[]): Edge[] {
  const on = Object.keys(service.container(config).networks);
  const joined = networksOfClients(config, [service]);
  return live.flatMap((network): Edge[] => [
    ...(on.includes(network) && !service.once ? [[network, service.name] satisfies Edge] : []),
    ...(joined.includes(network)
      ? [service.name, network].map((from): Edge => [from, joinedName(service, network)])
      : []),
  ]);
}

/** What a service does for an app is done again in another container, and with another secret. */
function taskEdges(service: ServiceDefinition, client: Client, config: StackConfig): Edge[] {
  const task = service.forApps?.task?.(client, config);
  const talk = service.forApps?.talk?.(client);
  if (!task && !talk) return [];
  const read = task && typeof task.input !== "string" ? task.input.secrets : [];
  const secrets = [...read, ...(talk?.secrets(config) ?? [])];
  return [service.name, ...secrets].map((from): Edge => [from, clientTaskName(service, client.name)]);
}
