// What things are called on the engine. Each follows from the prefix and a definition. Pure.
import type { NetworkName } from "./container.ts";
import type { ServiceDefinition } from "./service.ts";

type Named = Pick<ServiceDefinition, "name" | "containerSuffix">;

/** `xnai_redis`, `xnai_vikunja_db`. */
export const containerName = (prefix: string, service: Named) => `${prefix}_${suffix(service)}`;

const suffix = ({ name, containerSuffix = name }: Named) => containerSuffix;
const hyphens = (name: string) => name.replaceAll("_", "-");

/** Resource of the task that prepares a service's data and files: `vikunja-db-prepare`. */
export const prepareTaskName = (service: Named) => `${hyphens(suffix(service))}-prepare`;

/** Resource of the task that sets a service up before it starts, or of what runs to its end: `vikunja-db-setup`. */
export const setupTaskName = (service: Named) => `${hyphens(suffix(service))}-setup`;

/** Resource that is there once a service answers: `vikunja-db-ready`. */
export const readyName = (service: Named) => `${hyphens(suffix(service))}-ready`;

/** Resource of a service on a network that it joins while it runs: `vikunja-db-joins-databases`. */
export const joinedName = (service: Named, network: NetworkName) => `${hyphens(suffix(service))}-joins-${network}`;

/** Resource of what a service does for an app: `postgres-for-rag-api`. */
export const clientTaskName = ({ name }: Named, app: string) => `${hyphens(name)}-for-${hyphens(app)}`;

/** What is done, in words: part of errors ("preparing redis failed") and of previews. @param service its name */
export const prepareTitle = (service: string) => `preparing ${service}`;
export const setupTitle = (service: string) => `setting up ${service}`;
export const onceTitle = (service: string) => `running ${service}`;
export const readyTitle = (service: string) => `waiting for ${service}`;
export const joinedTitle = (service: string, network: NetworkName) => `putting ${service} on the network ${network}`;

/** What the paths begin with at which the task that prepares a service sees its data. */
export const preparedPlaces = "/prepare/";

/** What the paths begin with at which that task sees directories of the user's that it gives to the app. */
export const ownedPlaces = `${preparedPlaces}mount-`;

/** The container of a task, while it is at work, by the name of its resource: `xnai_vikunja_db_prepare`. */
export const taskContainerName = (prefix: string, task: string) => `${prefix}_${task.replaceAll("-", "_")}`;

/** Beside the container of a task that is a server: the one that speaks to it. */
export const clientName = (taskContainer: string) => `${taskContainer}_client`;

/** What follows the service in the name of the volume with its configuration and secrets. */
export const configVolume = "config";

/** `xnai_redis_data`. @param part of the data, or `configVolume` */
export const volumeName = (prefix: string, service: string, part: string) => `${prefix}_${service}_${part}`;

/** Names of the networks. */
export const networkNames = (prefix: string): Record<NetworkName, string> => ({
  main: `${prefix}_network`,
  web: `${prefix}_web`,
  db: `${prefix}_db`,
  egress: `${prefix}_egress`,
  databases: `${prefix}_databases`,
});
