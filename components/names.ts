// Every name that a stack takes on the engine, so that `up` can see beforehand whether they are free. Pure.
import type { StackConfig } from "./config/keys/base.ts";
import { networksOfClients, ownersOf } from "./definition/clients.ts";
import {
  clientName,
  clientTaskName,
  configVolume,
  containerName,
  joinedName,
  joinedTitle,
  networkNames,
  onceTitle,
  prepareTaskName,
  prepareTitle,
  readyName,
  readyTitle,
  setupTaskName,
  setupTitle,
  taskContainerName,
  volumeName,
} from "./definition/names.ts";
import type { ServiceDefinition } from "./definition/service.ts";
import { sitePlace, sitesOf, sitesTaskName, sitesTitle } from "./definition/sites.ts";
import { definitionsOf, servicesOn } from "./services.ts";

/** Names on the engine, by kind. */
export interface StackNames {
  containers: string[];
  networks: string[];
  volumes: string[];
}

/** What `up` does by itself besides making things on the engine: name of the resource that stands for it -> in words. */
export function taskTitles(config: StackConfig): Record<string, string> {
  const sites = sitesOf(config).length > 0 ? { [sitesTaskName]: sitesTitle } : {};
  const ofServices = Object.fromEntries(
    servicesOn(config).flatMap((service) => {
      const { setup, afterStart = [] } = service.tasks ?? {};
      return [
        [prepareTaskName(service), prepareTitle(service.name)],
        ...(setup ? [[setupTaskName(service), setupTitle(service.name)]] : []),
        service.once
          ? [setupTaskName(service), onceTitle(service.name)]
          : [readyName(service), readyTitle(service.name)],
        ...afterStart.map(({ name, title }) => [name, title]),
        ...networksOfClients(config, [service]).map((network) => [
          joinedName(service, network),
          joinedTitle(service.name, network),
        ]),
        ...ownersOf(config, service).flatMap((client) => {
          const { task, talk } = service.forApps ?? {};
          const titles = [task?.(client, config)?.title, talk?.(client)?.title];
          return titles.flatMap((title) => (title ? [[clientTaskName(service, client.name), title]] : []));
        }),
      ];
    }),
  );
  return { ...ofServices, ...sites };
}

/** Containers of a service's tasks, which are there while they are at work. */
export function taskContainersOf(prefix: string, service: ServiceDefinition): string[] {
  const { setup, afterStart = [] } = service.tasks ?? {};
  const instances = afterStart.filter(({ instance }) => instance).map(({ name }) => taskContainerName(prefix, name));
  return [
    taskContainerName(prefix, prepareTaskName(service)),
    ...(setup || service.once ? [taskContainerName(prefix, setupTaskName(service))] : []),
    ...instances.flatMap((name) => [name, clientName(name)]),
  ];
}

/** Names of what `up` makes or already has. Data volumes exist for services that are off, too. */
export function namesOf(config: StackConfig): StackNames {
  const { prefix, storage, egress } = config;
  const on = servicesOn(config);
  const { egress: outside, databases, ...networks } = networkNames(prefix);
  const forClients = networksOfClients(config, definitionsOf(config)).includes("databases");
  const dataVolumes = (service: ServiceDefinition) =>
    Object.keys(service.data ?? {}).map((part) => volumeName(prefix, service.name, part));
  return {
    containers: on.flatMap((service) => [
      ...(service.once ? [] : [containerName(prefix, service)]),
      ...taskContainersOf(prefix, service),
      ...(service.name === sitePlace.service && sitesOf(config).length > 0
        ? [taskContainerName(prefix, sitesTaskName)]
        : []),
    ]),
    networks: [...Object.values(networks), ...(egress.length > 0 ? [outside] : []), ...(forClients ? [databases] : [])],
    volumes: [
      ...on.flatMap(({ name, files }) => (files ? [volumeName(prefix, name, configVolume)] : [])),
      ...(storage.root === undefined ? definitionsOf(config).flatMap(dataVolumes) : []),
    ],
  };
}

/** A part of a service's data, and where its container sees it: in a volume, or in a directory of the host. */
export interface DataPlace {
  service: string;
  path: string;
  volumeName?: string;
  hostPath?: string;
}

/** Where these services keep their data. */
export function dataPlaces({ prefix, storage }: StackConfig, services: readonly ServiceDefinition[]): DataPlace[] {
  return services.flatMap(({ name: service, data = {} }) =>
    Object.entries(data).map(([part, path]) => ({
      service,
      path,
      ...(storage.root === undefined
        ? { volumeName: volumeName(prefix, service, part) }
        : { hostPath: `${storage.root}/${service}/${part}` }),
    })),
  );
}
