// What a run of the bench has found out, as it lies in docs/performance.json: figures only, so that what is made of them can
// be changed without measuring again.
import type { Consumption } from "../idle/consumption.ts";
import type { GoalName } from "./goals.ts";

/** Each in the order of the rounds. */
export interface Compared {
  ours: number[];
  /** Empty where there is nothing to compare with. */
  peer: number[];
}

/** What it was measured on: the kind of machine, and the versions. */
export interface Machine {
  cores: number;
  memoryGiB: number;
  node: string;
  pulumi: string;
  docker: string;
  compose: string;
  /** Services whose image was a stand-in for the real software. */
  standIns: string[];
}

/** Seconds of previews, without the pack, and what it adds. */
export interface Grown {
  without: number[];
  adds: number[];
}

/** Seconds that commands take with so many apps. */
export interface AppFigures {
  preview: number;
  /** From nothing. */
  up: number;
  /** After a change of another service. */
  edit: number;
  /** With nothing to do, after a look at the engine (`--refresh`). */
  nothing: number;
}

export interface Figures {
  /** Day and revision of the measurement. */
  measured: string;
  machine: Machine;
  rounds: number;
  compared: Partial<Record<GoalName, Compared>>;
  /** Command -> seconds. */
  commands: Record<string, number[]>;
  /** Number of containers -> previews of so many. */
  growth: Record<string, Grown>;
  /** Number of apps -> commands with so many. */
  apps: Record<string, AppFigures>;
  /** Who runs -> percent of one core. */
  idle: Record<string, Consumption>;
  /** Who runs -> container -> MiB. */
  memory: Record<string, Record<string, number>>;
  /** Command -> MiB that it and all that it starts have taken at once, at most. */
  peak: Record<string, number>;
  /** Parts that did not come to their end: what they would have measured is not there, or of fewer rounds. */
  failed: string[];
}

/** What one part of the bench adds. */
export type Found = Partial<Figures>;

/** Nothing found out yet. */
export const nothing: Omit<Figures, "measured" | "machine" | "rounds"> = {
  compared: {},
  commands: {},
  growth: {},
  apps: {},
  idle: {},
  memory: {},
  peak: {},
  failed: [],
};

/** Both together; of what each has compared, the goals of both, and of what failed, all. */
export const joined = (one: Found, other: Found): Found => ({
  ...one,
  ...other,
  compared: { ...one.compared, ...other.compared },
  failed: [...(one.failed ?? []), ...(other.failed ?? [])],
});
