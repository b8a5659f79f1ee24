// Every name that a stack takes on the engine, so that `up` can see beforehand whether they are free. Pure.
import type { StackConfig } from "./config/keys/base.ts";
import {
  configVolume,
  containerName,
  filesTaskName,
  networkNames,
  prepareTaskName,
  setupTaskName,
  taskContainerName,
  volumeName,
} from "./definition/names.ts";
import type { ServiceDefinition } from "./definition/service.ts";
import { definitionsOf, servicesOn } from "./services.ts";

/** Names on the engine, by kind. */
export interface StackNames {
  containers: string[];
  networks: string[];
  volumes: string[];
}

/** Resources of a service's tasks; each has a container. */
export function tasksOf(service: ServiceDefinition): string[] {
  const { setup, afterStart = [] } = service.tasks ?? {};
  return [
    prepareTaskName(service),
    ...(setup ? [setupTaskName(service)] : []),
    ...afterStart.flatMap((task) => [task.name, ...(task.files ? [filesTaskName(task)] : [])]),
  ];
}

/** Volumes with configuration files: they hold no data. */
const configVolumes = ({ files, tasks }: ServiceDefinition) => [
  ...(files ? [configVolume] : []),
  ...(tasks?.afterStart ?? []).flatMap((task) => task.files?.volume ?? []),
];

/** Names of what `up` makes or already has. Data volumes exist for services that are off, too. */
export function namesOf(config: StackConfig): StackNames {
  const { prefix, storage, egress } = config;
  const on = servicesOn(config);
  const { egress: outside, ...networks } = networkNames(prefix);
  const dataVolumes = (service: ServiceDefinition) =>
    Object.keys(service.data ?? {}).map((part) => volumeName(prefix, service.name, part));
  return {
    containers: on.flatMap((service) => [
      containerName(prefix, service),
      ...tasksOf(service).map((task) => taskContainerName(prefix, task)),
    ]),
    networks: [...Object.values(networks), ...(egress.length > 0 ? [outside] : [])],
    volumes: [
      ...on.flatMap((service) => configVolumes(service).map((part) => volumeName(prefix, service.name, part))),
      ...(storage.root === undefined ? definitionsOf(config).flatMap(dataVolumes) : []),
    ],
  };
}
