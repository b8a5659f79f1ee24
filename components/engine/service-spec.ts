// What a service is made from: its description in plain values, and what it is given by the stack.
import type * as pulumi from "@pulumi/pulumi";
import type { Damage } from "../definition/damage.ts";
import type { Reload } from "../definition/service.ts";
import type { SetupTask } from "../definition/task.ts";
import type { Networks } from "./networks.ts";
import type { NamedContainer } from "./service-container.ts";
import type { Conversation } from "./tasks/http-task.ts";
import type { TaskContext } from "./tasks/task.ts";

/** A service in plain values; only the contents of files may be outputs. */
export interface ServiceSpec extends NamedContainer {
  /** Whether a stand-in may take the place of its image. @default false */
  standIn?: boolean;
  /** Configuration and secrets: name below `configPath` -> content. @default none */
  files?: Record<string, pulumi.Input<string>>;
  /** Files with a secret in it that is made up as they are written: how they are then; `files` only says when. @default none */
  issuedFiles?: Record<string, () => Promise<string>>;
  /** What of the files restarts it. @default all */
  restartFiles?: Record<string, pulumi.Input<string>>;
  /** What of the files it takes in while it runs. @default nothing */
  liveFiles?: Record<string, pulumi.Input<string>>;
  /** The fewest bytes that a file may have, of files without which the service would start unprotected. @default 1 */
  minimumBytes?: Record<string, number>;
  /** Whether a busybox lies beside its files. @default false */
  launcher?: boolean | undefined;
  /** How it takes in `liveFiles`. */
  reload?: Reload;
  /** Parts of the data -> where the container sees them. @default none */
  data?: Record<string, string>;
  /** Damage that its log may tell of. @default none is known */
  damage?: readonly Damage[] | undefined;
  /** Runs when data and files have been prepared, before the service starts. @default nothing */
  setup?: SetupTask;
  /** Done when it answers, before it counts as ready. @default nothing */
  whenReady?: Conversation;
}

/** What the services of a stack have in common. */
export interface StackArgs extends TaskContext {
  networks: Networks;
  /** Key of the hashes by which a change of a secret is seen. */
  hashKey: pulumi.Output<string>;
}

/** A service that another one needs: its container, and what is there once it answers; both absent when it is off. */
export interface NeededService {
  readonly container?: pulumi.CustomResource;
  readonly ready?: pulumi.CustomResource;
  /** What is there once the tasks that follow its start are done. @default none */
  readonly afterStart?: pulumi.CustomResource[];
  /** App that uses it -> what has to be there besides before the app starts. @default nothing */
  readonly forApps?: ReadonlyMap<string, pulumi.CustomResource[]>;
}

/** What a service is made with besides its description. */
export interface ServiceArgs extends StackArgs {
  /** Services without which it does not run: it stops before each of them is replaced, and starts afterwards. @default none */
  stopsWith?: NeededService[];
  /** Services that have to answer, and to have done the tasks that follow their start, before it starts. @default none */
  needs?: NeededService[];
  /** Names of the containers that cannot be without this service. @default none */
  clients?: string[];
}

/** A service as its names are made from it. */
export const named = ({ service, containerSuffix }: Pick<ServiceSpec, "service" | "containerSuffix">) => ({
  name: service,
  containerSuffix,
});
