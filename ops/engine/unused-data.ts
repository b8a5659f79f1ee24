// Data of apps that the configuration does not name any more: it stays until somebody says that it may go.
import type Docker from "dockerode";
import type { StackConfig } from "../../components/config/keys/base.ts";
import { ignore } from "../../components/engine/api/ignore.ts";
import { definitionsOf } from "../../components/services.ts";
import { exitCode, XnaiError } from "../../lib/errors.ts";
import { dataRole, label } from "../../lib/labels.ts";
import { say } from "../../lib/progress.ts";
import { askForConsent } from "../consent.ts";
import { dropDatabase, unusedDatabases } from "./unused-databases.ts";

/** A volume, or a database of the stack's Postgres, with data that no service and no app of the configuration has. */
export type UnusedData = { app: string } & ({ volume: string } | { database: string });

/** What this stack made for data, as labels and Postgres say, and that nobody uses; volumes first, by name. */
export async function unusedData(docker: Docker, config: StackConfig): Promise<UnusedData[]> {
  const filters = { label: [`${label.stack}=${config.prefix}`, `${label.role}=${dataRole}`] };
  const used = new Set(definitionsOf(config).map(({ name }) => name));
  const volumes = ((await docker.listVolumes({ filters })).Volumes ?? [])
    .map(({ Name, Labels }) => ({ app: Labels?.[label.service] ?? "", volume: Name }))
    .filter(({ app }) => app !== "" && !used.has(app))
    .toSorted((a, b) => a.volume.localeCompare(b.volume));
  return [...volumes, ...(await unusedDatabases(docker, config))];
}

/** Names of volumes among it; a database goes with the volume of Postgres. */
export const volumesIn = (unused: readonly UnusedData[]): string[] =>
  unused.flatMap((each) => ("volume" in each ? [each.volume] : []));

const inWords = (each: UnusedData) => ("volume" in each ? each.volume : `the database ${each.database}`);

/** One sentence for each app. */
export const unusedInWords = (unused: readonly UnusedData[]): string[] =>
  [...Map.groupBy(unused, ({ app }) => app)].map(
    ([app, data]) =>
      `unused: data of ${app}, which no app has any more, in ${data.map(inWords).join(", ")}. It is there when the app comes back; npm run destroy -- --data ${app} deletes it`,
  );

/**
 * Deletes the data of one app that the configuration does not name any more.
 * @throws XnaiError (usage) when it still does, or there is none; (failed) when the answer is no or something of it is in use
 */
export async function deleteUnused(docker: Docker, config: StackConfig, app: string, yes: boolean): Promise<void> {
  const unused = await unusedData(docker, config);
  const own = unused.filter((each) => each.app === app);
  if (own.length === 0) throw nothingUnused(config, app, unused);
  const names = own.map(inWords).join(", ");
  if (!yes) await askForConsent(`This deletes the data of ${app} for good: ${names}. Go on?`);
  for (const each of own)
    if ("volume" in each) await docker.getVolume(each.volume).remove().catch(ignore(404));
    else await dropDatabase(docker, config, each.database);
  say(`deleted: ${names}`);
}

function nothingUnused(config: StackConfig, app: string, unused: readonly UnusedData[]): XnaiError {
  if (definitionsOf(config).some(({ name }) => name === app))
    return new XnaiError(
      exitCode.usage,
      `${app} is part of the stack: its data is in use.`,
      `Nothing was changed. Remove xnai:apps.${app} from the configuration and run npm run up first.`,
    );
  const others = [...new Set(unused.map((each) => each.app))].join(", ") || "none";
  return new XnaiError(
    exitCode.usage,
    `There is no unused data of ${app}.`,
    `Nothing was changed. Unused data in volumes and databases is there of: ${others}.`,
  );
}
