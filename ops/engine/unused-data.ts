// Data of apps that the configuration does not name any more: it stays until somebody says that it may go.
import type Docker from "dockerode";
import type { StackConfig } from "../../components/config/keys/base.ts";
import { ignore } from "../../components/engine/api/ignore.ts";
import { definitionsOf } from "../../components/services.ts";
import { exitCode, XnaiError } from "../../lib/errors.ts";
import { dataRole, label } from "../../lib/labels.ts";
import { say } from "../../lib/progress.ts";
import { askForConsent } from "../consent.ts";

/** A volume with data that no service and no app of the configuration has. */
export interface UnusedVolume {
  app: string;
  volume: string;
}

/** The volumes that this stack made for data, as their labels say, and that nobody uses; by name. */
export async function unusedData(docker: Docker, config: StackConfig): Promise<UnusedVolume[]> {
  const filters = { label: [`${label.stack}=${config.prefix}`, `${label.role}=${dataRole}`] };
  const used = new Set(definitionsOf(config).map(({ name }) => name));
  return ((await docker.listVolumes({ filters })).Volumes ?? [])
    .map(({ Name, Labels }) => ({ app: Labels?.[label.service] ?? "", volume: Name }))
    .filter(({ app }) => app !== "" && !used.has(app))
    .toSorted((a, b) => a.volume.localeCompare(b.volume));
}

/** One sentence for each app. */
export const unusedInWords = (unused: readonly UnusedVolume[]): string[] =>
  [...Map.groupBy(unused, ({ app }) => app)].map(
    ([app, volumes]) =>
      `unused: data of ${app}, which is no app any more, in ${volumes.map(({ volume }) => volume).join(", ")}. It is there when the app comes back; npm run destroy -- --data ${app} deletes it`,
  );

/**
 * Deletes the data of one app that the configuration does not name any more.
 * @throws XnaiError (usage) when it still does, or there is none; (failed) when the answer is no or a volume is in use
 */
export async function deleteUnused(docker: Docker, config: StackConfig, app: string, yes: boolean): Promise<void> {
  if (definitionsOf(config).some(({ name }) => name === app))
    throw new XnaiError(
      exitCode.usage,
      `${app} is part of the stack: its data is in use.`,
      `Nothing was changed. Remove xnai:apps.${app} from the configuration and run npm run up first.`,
    );
  const unused = await unusedData(docker, config);
  const volumes = unused.filter((each) => each.app === app).map(({ volume }) => volume);
  if (volumes.length === 0) {
    const others = [...new Set(unused.map((each) => each.app))].join(", ") || "none";
    throw new XnaiError(
      exitCode.usage,
      `There is no unused data of ${app}.`,
      `Nothing was changed. Unused data in volumes is there of: ${others}.`,
    );
  }
  if (!yes) await askForConsent(`This deletes the data of ${app} for good: ${volumes.join(", ")}. Go on?`);
  for (const name of volumes) await docker.getVolume(name).remove().catch(ignore(404));
  say(`deleted: ${volumes.join(", ")}`);
}
