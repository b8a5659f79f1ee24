// Work that a container does once, to its end, around the start of a service.
import type { StackConfig } from "../config/keys/base.ts";
import type { NetworkName } from "./container.ts";
import type { FileContent, Secret } from "./secret.ts";

/** What a task runs. */
export interface TaskRun {
  /** POSIX sh; reaching its end is success, `fail "reason"` is failure. */
  script: string;
  /** `$1`, `$2` ... of the script; never a secret. */
  args?: string[];
  /** Settings without secrets. */
  env?: Record<string, string>;
  /** Path -> mount options. */
  tmpfs?: Record<string, string>;
  /** MiB. @default 64 */
  memoryMiB?: number;
}

/**
 * Runs in the service's image, as its user, with its volumes and without a network.
 * @param titles part of the data -> how messages call it, such as `volume xnai_postgres_data`
 */
export type SetupTask = (titles: Record<string, string>) => TaskRun;

/** A task that follows the start of its service; it runs as the service's user and sees the service's files. */
export interface Task {
  /** Name of its resource and, with underscores behind the prefix, of its container. Never change it. */
  name: string;
  /** `service`: the image of its service. @default busybox */
  image?: "service";
  network: NetworkName;
  run: (config: StackConfig) => TaskRun;
  /** Files that the service itself never sees. @default none */
  files?: TaskFiles;
}

/** A task's own files: in a volume that a task of its own prepares. Both are below a component of their own. */
export interface TaskFiles {
  /** Type of that component: part of URNs, so never change it. */
  type: `xnai:index:${string}`;
  /** What follows `<prefix>_<service>_` in the volume's name. */
  volume: string;
  /** Where the task sees them. */
  path: string;
  /** Secrets that only they need, by name. */
  secrets?: Record<string, Secret>;
  /** Name below `path` -> content. */
  files: (config: StackConfig) => Record<string, FileContent>;
  /** Makes them readable for the task: root, without a network, the volume at `path`. */
  prepare: (config: StackConfig) => TaskRun;
}
