// Work that is done once around the start of a service: by a container that runs to its end, or over the service's own API.
import type { StackConfig } from "../config/keys/base.ts";
import type { NetworkName } from "./container.ts";
import type { Listed } from "./presentation.ts";

/** What a container runs to its end. */
export interface TaskRun {
  /** Exit code 0 is success; otherwise the last line that it prints says why. The texts of scripts come from lib/shell.ts. */
  command: string[];
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

/** An answer over HTTP. */
export interface Answer {
  status: number;
  body: string;
}

/** Asks a service from inside its container: nothing of it is seen on the host or on a network. */
export interface Http {
  /**
   * @param body JSON
   * @throws Error when there is no answer
   */
  ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

/** What a task that speaks HTTP works with. */
export interface Talk {
  http: Http;
  config: StackConfig;
  /** Values of the task's secrets, by name. */
  secrets: Record<string, string>;
  /** What it was declared to work from. */
  wanted: Record<string, string>;
  /** Tells the user what has changed. */
  say: (line: string) => void;
}

/** A second, short-lived process of the service's image, with other settings, which only the task can reach. */
export interface Instance {
  command: string[];
  env: Record<string, string>;
  tmpfs: Record<string, string>;
  memoryMiB: number;
  network: NetworkName;
  stopSignal: string;
}

/** Work over a service's own HTTP API. */
export interface HttpWork {
  /** What it does, in words: `keeping Consul's tokens`. */
  title: string;
  /** Port inside the container, on its loopback. */
  port: number;
  /** Command in the container that copies its input to that port, and what comes back to its output. @default nc */
  through?: (port: number) => string[];
  /** Speaks to this instead of to the service itself. @default the service */
  instance?: (config: StackConfig) => Instance;
  /** Names of the secrets that it works with: it is done again when one of them changes. */
  secrets: (config: StackConfig) => readonly string[];
  /** What else it works from, in plain: previews show it, and it is done again when something in it changes. */
  wanted: (config: StackConfig, services: readonly Listed[]) => Record<string, string>;
  /** The work. Safe to repeat. @throws Error that says what went wrong */
  run: (talk: Talk) => Promise<void>;
}

/** Such work that follows the start of its service. */
export interface HttpTask extends HttpWork {
  /** Name of its resource. Never change it. */
  name: string;
}

/**
 * How a running service is made to issue a secret, which nobody but whoever gets it keeps. Through the instance of a task of
 * that name.
 */
export interface Issuing extends Pick<HttpTask, "name" | "title" | "port" | "through" | "instance" | "secrets"> {
  /** @returns the secret; those of before are then no longer valid */
  run: (talk: Omit<Talk, "wanted">) => Promise<string>;
}

/**
 * Such work before a service counts as ready: at each of its starts, and when `wanted` is something else. Its secrets are those
 * with which the service itself starts anew.
 */
export type ReadyWork = Omit<HttpWork, "title" | "instance">;
