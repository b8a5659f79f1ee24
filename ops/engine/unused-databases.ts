// Databases of apps that the configuration does not name any more: kept, as all data, until somebody says that they may go.
import type Docker from "dockerode";
import type { StackConfig } from "../../components/config/keys/base.ts";
import { containerName } from "../../components/definition/names.ts";
import { execReading } from "../../components/engine/api/exec.ts";
import { dropSql, listed, listSql, psql, reasonIn } from "../../components/postgres/app-database.ts";
import { appDatabases } from "../../components/postgres/clients.ts";
import { postgres } from "../../components/postgres/definition.ts";
import { exitCode, XnaiError } from "../../lib/errors.ts";

/** A database that was made for an app, and that no app has now. */
export interface UnusedDatabase {
  app: string;
  database: string;
}

/** How long Postgres may take over one question, milliseconds. */
const withinMilliseconds = 60_000;

/** Those in the stack's Postgres, by name; none is known of while it does not run. */
export async function unusedDatabases(docker: Docker, config: StackConfig): Promise<UnusedDatabase[]> {
  if (!config.services[postgres.name]) return [];
  const used = appDatabases(config);
  const { code, output } = await asked(docker, config, listSql).catch(() => ({ code: undefined, output: "" }));
  return code === 0 ? listed(output).filter(({ database }) => !used.includes(database)) : [];
}

/** Deletes one, and its role. @throws XnaiError (failed) in Postgres' words */
export async function dropDatabase(docker: Docker, config: StackConfig, database: string): Promise<void> {
  const { code, output } = await asked(docker, config, dropSql(database));
  if (code === 0) return;
  throw new XnaiError(
    exitCode.failed,
    `The database ${database} could not be deleted: ${reasonIn(output) || "Postgres did not answer"}.`,
    "npm run status says how Postgres is. Then run the same command again.",
  );
}

const asked = (docker: Docker, { prefix }: StackConfig, input: string) =>
  execReading(
    docker,
    docker.getContainer(containerName(prefix, postgres)),
    { command: psql, input },
    withinMilliseconds,
  );
