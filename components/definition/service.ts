// What a service is, as plain data and pure functions: one value of this type in components/<service>/definition.ts, and
// everything else (containers, configuration keys, addresses, landing page, credentials, policies) follows from it.
import type { z } from "zod";
import type { StackConfig } from "../config/keys/base.ts";
import type { ConfigCheck } from "../config/keys/checks.ts";
import type { Ports } from "./binding.ts";
import type { ForApps } from "./clients.ts";
import type { Container, Warning } from "./container.ts";
import type { Damage } from "./damage.ts";
import type { Card, CatalogueEntry, FrontRoute, Output } from "./presentation.ts";
import type { Own } from "./preset.ts";
import type { FileContent, Secret } from "./secret.ts";
import type { HttpTask, ReadyWork, SetupTask, TaskRun } from "./task.ts";

/** Where every service finds its configuration and secrets: a volume, mounted read-only. */
export const configPath = "/run/xnai";

/** A function of the stack's configuration and of all its services, for a service that tells of the others. */
export type FromStack<T> = (config: StackConfig, services: readonly ServiceDefinition[]) => T;

/** The image that a service runs. */
export interface Image {
  /** Reference on Docker Hub, with tag and multi-architecture digest. */
  hub: string;
  /** Where Docker Hub cannot be reached a stand-in runs instead, because no package registry has the software. */
  standIn?: true;
}

/** How a running service is made to read files anew. */
export interface Reload {
  /** Names of the files that it then reads again; any other changed file restarts the service, but for what is `live` of it. */
  files: readonly string[];
  /**
   * Command inside the container that ends well if it can use them, and without a signal has the running server take them in.
   * It ends with `startAnew` if the server cannot take them in as it runs.
   */
  command: readonly string[];
  /** Sent to its first process then. @default none: the command has done everything */
  signal?: string;
}

/** How the command of a `Reload` ends (EX_TEMPFAIL) when the server has to start anew to take the files in. */
export const startAnew = 75;

/** What a service is as an app of the user's: a second one beside it, with data and secrets of its own. */
export interface Preset {
  /** What may be said of it: key of `xnai:apps.<name>` -> schema, which has to be optional. */
  keys: Record<string, z.ZodType>;
  /** What it is, but for what every app has. */
  definition: (own: Own) => Omit<ServiceDefinition, "name" | "type" | "image">;
  /** What the environment of other apps may refer to, by the name behind `apps.<name>.`. */
  offers: Record<string, (own: Own) => FileContent>;
}

/** One service. */
export interface ServiceDefinition {
  /** Key in the configuration, and name of its resources and volumes: lower-case letters. Never change it: data hangs on it. */
  name: string;
  /** Type of its component, `xnai:index:Redis`: part of the URN of everything in it, so never change it either. */
  type: `xnai:index:${string}`;
  /** What follows the prefix in its container's name. @default name */
  containerSuffix?: string;
  image: Image;
  /** Its own keys in the configuration, below `xnai:<name>`. @default none */
  keys?: z.ZodType;
  /** What must hold between its keys and others. */
  check?: ConfigCheck;
  /**
   * Service that it cannot be without -> why, as the user is told who switches that one off. It stops before the other is
   * replaced, and starts afterwards.
   */
  stopsWith?: Record<string, string>;
  /** Services that have to answer before it starts; it does not stop with them. @default none */
  needs?: readonly string[];
  /** Why it may not be listed under `egress`. @default it may */
  noEgress?: string;
  /** What it may publish on the host, by key in `exposure.<name>`. @default nothing: it cannot be published at all */
  ports?: Ports;
  /** Whether it may listen beyond loopback, if the configuration says so. @default false */
  beyondLoopback?: boolean;
  /** Generated secrets, by name; a name is unique in the stack. */
  secrets?: Record<string, Secret>;
  /** Parts of its data -> where the container sees them. Mount every VOLUME of the image, or the engine makes one. */
  data?: Record<string, string>;
  /** Configuration and secrets: name below `configPath` -> content. */
  files?: FromStack<Record<string, FileContent>>;
  /** Whether a busybox lies beside its files (launcher.ts), for an image that lacks what starts and asks it. @default false */
  launcher?: boolean;
  /** How it takes in some of its files while it runs. @default a changed file restarts it */
  reload?: Reload;
  /** Damage that its log tells of: `status`, and an `up` that waits in vain, say what to do. @default none is known */
  damage?: readonly Damage[];
  /**
   * Repairs damaged data, for `up --repair`, and does nothing to data that is whole: runs as root in the service's image, with
   * the data where the service sees it, while the service is stopped. @default nothing can be repaired but the owner
   */
  repair?: TaskRun;
  /**
   * Whether its container runs to its end, once for each change of it, instead of for ever: what needs it starts behind that.
   * @default false
   */
  once?: boolean;
  /** How its container runs. */
  container: (config: StackConfig) => Container;
  /** What `status` asks besides, and warns of. @default nothing */
  warning?: Warning;
  /** Work besides the preparation of its data and files, which every service has. */
  tasks?: {
    /** Once its data and files have been prepared, before it starts. */
    setup?: SetupTask;
    /** When it answers, before it counts as ready. */
    whenReady?: ReadyWork;
    /** When it is ready. */
    afterStart?: HttpTask[];
  };
  /** Outputs of the stack, in the order in which `xnai credentials` shows them. */
  outputs?: (config: StackConfig) => Output[];
  /** What it is to the apps that use it. @default no app can use it */
  forApps?: ForApps;
  /** What it is as an app of the user's, a second one beside it. @default no app can be one */
  preset?: Preset;
  /** Where the front door passes requests on to it. @default nowhere, but for what Caddy's own definition says */
  front?: FrontRoute;
  /** Its card on the landing page. @default none */
  card?: (config: StackConfig) => Card;
  /** Its entry in Consul's catalogue; undefined when it cannot be reached. @default none */
  catalogueEntry?: (config: StackConfig) => CatalogueEntry | undefined;
}
