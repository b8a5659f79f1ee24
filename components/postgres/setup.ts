// The task between preparation and start of Postgres (setup.sh). Pure.
import { scriptCommand } from "../../lib/shell.ts";
import { scratch } from "../definition/container.ts";
import { configPath } from "../definition/service.ts";
import type { SetupTask } from "../definition/task.ts";
import { clusterPath, confFile, dataPath, lockFile } from "./postgresql-conf.ts";
import { superuser, vikunjaRole } from "./roles.ts";

/** What the task runs. */
export const postgresSetup: SetupTask = (titles) => ({
  command: scriptCommand("sh", import.meta.dirname, "setup.sh", [
    ...Object.values(titles),
    dataPath,
    clusterPath,
    lockFile,
    confFile,
    `${configPath}/roles.sql`,
    superuser,
    vikunjaRole,
  ]),
  tmpfs: { "/tmp": scratch(16) },
  memoryMiB: 256,
});
