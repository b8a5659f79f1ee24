// How a service's container runs: what differs from one service to the next. What all of them have is in engine/hardening.ts.
import type { StackConfig } from "../config/keys/base.ts";

/**
 * The stack's networks: `main` is the one that the user's own containers join; `egress` exists only if a service may reach
 * outside, `databases` only if an app has a database.
 */
export type NetworkName = "main" | "web" | "db" | "egress" | "databases";

/**
 * How a service is asked how it is: by `up` until it answers, by the engine every half minute while it runs, by `status`
 * whenever somebody wants to know.
 */
export interface Health {
  /** Command inside the container, without a shell: `["redis-cli", "ping"]`. */
  test: string[];
  /** @default 5 */
  timeoutSeconds?: number;
}

/** A question to a service that answers, about what its health check does not see. */
export interface Warning {
  /** Command inside the container, without a shell. */
  command: readonly string[];
  /** What is wrong and what to do, from what the command printed; undefined when there is nothing to warn of. Pure. */
  read: (output: string, config: StackConfig) => string | undefined;
}

/** Limits of one container. */
export interface Limits {
  /** Hard limit, MiB; swap is included, so there is none. */
  memoryMiB: number;
  /** Cores. */
  cpus: number;
  /** Open files. @default 16384 */
  nofile?: number;
  /** Processes and threads. @default 1024 */
  pids?: number;
}

/** A directory or file of the engine's machine in a container. */
export interface HostMount {
  host: string;
  /** In the container. */
  path: string;
  readOnly: boolean;
  /** Whether the task that prepares its service gives it, and all that is in it, to the service's owner. @default false */
  own?: boolean;
}

/** What a container that `reachesHost` calls the engine's machine: Docker's name for it. */
export const hostName = "host.docker.internal";

/** What a service asks for its container. */
export interface Container {
  /** @default the image's own */
  entrypoint?: string[];
  /** @default the image's own */
  command?: string[];
  /** Settings without secrets; policies read them. */
  env?: Record<string, string>;
  /** Path -> mount options. */
  tmpfs?: Record<string, string>;
  /** Network -> the name that others on it call this service by. */
  networks: Partial<Record<NetworkName, string>>;
  /** Shared memory (/dev/shm), MiB. @default the engine's, 64 */
  shmMiB?: number;
  /** Whether it has a name for the engine's machine (`hostName`), and so reaches what listens there. @default false */
  reachesHost?: boolean;
  /** Places of the engine's machine that it sees. @default none */
  mounts?: HostMount[];
  /** @default true */
  readOnlyRoot?: boolean;
  /** Labels besides those that everything has. @default none */
  labels?: Record<string, string>;
  /** @default the image's own */
  workingDir?: string;
  /** `CAP_` names that are proven necessary. @default none */
  capabilities?: string[];
  /** Devices of the engine's machine, where it has them itself. @default none */
  devices?: string[];
  /** Whether it gets all GPUs of the machine. @default false */
  gpus?: boolean;
  /** Absent where it runs to its end (`ServiceDefinition.once`). */
  health?: Health;
  /** @default the image's own */
  stopSignal?: string;
  /** Seconds between the stop signal and the kill. */
  stopGraceSeconds: number;
  limits: Limits;
}

/** Options of a tmpfs that anybody in the container may write to. @param sizeMiB its limit, MiB */
export const scratch = (sizeMiB: number) => `rw,noexec,nosuid,nodev,size=${sizeMiB}m,mode=1777`;
