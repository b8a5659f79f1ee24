// The parts of the bench, in the order in which they are run.
import { growthOfApps } from "./apps.ts";
import { commands } from "./commands.ts";
import { race } from "./compose/race.ts";
import { growth } from "./growth.ts";
import { idle } from "./idle.ts";
import { npmTest } from "./npm-test.ts";
import type { Part } from "./part.ts";
import { peak } from "./peak.ts";
import { status } from "./status.ts";
import { throughput } from "./throughput/throughput.ts";

/** What is measured together. */
export const parts: Record<string, Part> = {
  commands,
  status,
  growth,
  apps: growthOfApps,
  compose: race,
  throughput,
  peak,
  idle,
  "npm-test": npmTest,
};

export const partNames = Object.keys(parts);
