// Apps as the services that they use see them: what each is given there, and the secrets that are its own, so that one stolen
// app is one stolen app. Pure.
import type { z } from "zod";
import type { StackConfig } from "../config/keys/base.ts";
import type { NetworkName } from "./container.ts";
import type { FileContent, Secret } from "./secret.ts";
import type { HttpWork, Issuing } from "./task.ts";

/** An app that uses a service. */
export interface Client {
  /** Its name. */
  name: string;
  /** What the configuration says of it. */
  app: StackConfig["apps"][string];
  /** Name of the secret that is its own at this service. @param role as `ForApps.secrets` calls it */
  secret: (role: string) => string;
}

/** What is done in a running service for one app, before the app starts: a command in its container that reads a text. */
export interface ClientTask {
  /** What it does, in words: `giving rag_api its database`. */
  title: string;
  /** Without a shell. */
  command: string[];
  /** Has to make the command end. It is done again when this changes. Safe to repeat. */
  input: FileContent;
  /** What it works from, in plain, for previews. */
  wanted: Record<string, string>;
  /** Why it failed, from what the command printed. Pure. */
  reason: (output: string) => string;
}

/** What a service is to the apps that use it. */
export interface ForApps {
  /** What references to it begin with: `redis` of `${redis.url}`. @default its name */
  reference?: string;
  /** What an app may say of it: key of `xnai:apps.<name>` -> schema, which has to be optional. @default nothing */
  keys?: Record<string, z.ZodType>;
  /** Secrets that each app has of its own here, by role. @default none */
  secrets?: Record<string, Secret>;
  /** App whose credentials one has, instead of its own. @default its own */
  as?: (app: Client["app"]) => string | undefined;
  /** Which of the offers let others in, too. @default none */
  shared?: (client: Client) => readonly string[];
  /** What `env` may refer to, by the name behind the dot: the same for all, or one for each. */
  offers: Record<string, FileContent | ((client: Client, config: StackConfig) => FileContent)>;
  /** Network on which they reach it, which it joins while it runs, with the first of them. @default main */
  network?: NetworkName;
  /** Done for each of them that has credentials of its own. @default nothing */
  task?: (client: Client, config: StackConfig) => ClientTask;
  /** The same over HTTP; undefined where there is nothing to do. @default nothing */
  talk?: (client: Client) => HttpWork | undefined;
  /**
   * Those of `secrets` that the service itself makes up, by role: asked for whenever files with one in them are written. What is
   * generated under their names says only when they are renewed. @default none
   */
  issues?: Record<string, (client: Client) => Issuing>;
}

/** As much of a service as its clients have to do with. */
type Used = { name: string; secrets?: Record<string, Secret>; forApps?: ForApps };

/** What references to a service begin with. */
export const referenceTo = ({ name, forApps }: Used): string => forApps?.reference ?? name;

/** Name of a secret. Never change it: another name is another secret. */
const secretName = (service: string, app: string, role: string) => `${service}-${app}-${role}`;

/** An app as a client of a service. */
export const clientOf = (service: string, name: string, app: Client["app"]): Client => ({
  name,
  app,
  secret: (role) => secretName(service, name, role),
});

/** The apps that use a service. */
export const clientsOf = ({ apps }: StackConfig, service: string): Client[] =>
  Object.entries(apps).flatMap(([name, app]) => (app.uses.includes(service) ? [clientOf(service, name, app)] : []));

/** Those of them that have credentials of their own there. */
export const ownersOf = (config: StackConfig, { name, forApps }: Used): Client[] =>
  clientsOf(config, name).filter(({ app }) => forApps?.as?.(app) === undefined);

/** The app as whom one is known at a service: itself, unless it has the credentials of another. */
export function knownAs({ apps }: StackConfig, { name: service, forApps }: Used, app: string): Client {
  const name = forApps?.as?.(apps[app] as Client["app"]) ?? app;
  return clientOf(service, name, apps[name] as Client["app"]);
}

/** All generated secrets of a service: its own, and those of the apps that use it. */
export const secretsOf = (config: StackConfig, service: Used): Record<string, Secret> => ({
  ...service.secrets,
  ...Object.fromEntries(
    ownersOf(config, service).flatMap(({ app: { rotation }, secret }) =>
      Object.entries(service.forApps?.secrets ?? {}).map(([role, each]) => [secret(role), { ...each, rotation }]),
    ),
  ),
});

/** Networks that are there only for apps, and with the first of them: those of services that are used. */
export const networksOfClients = (config: StackConfig, services: readonly Used[]): NetworkName[] => [
  ...new Set(
    services.flatMap(({ name, forApps }) =>
      forApps?.network && config.services[name] && clientsOf(config, name).length > 0 ? [forApps.network] : [],
    ),
  ),
];
