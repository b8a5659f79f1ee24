// Deletes a stack's data for good: volumes, and what is in its directories below `storage.root`, which belong to the services'
// user and not to whoever runs xnai.
import { existsSync } from "node:fs";
import type { StackConfig } from "../../components/config/keys/base.ts";
import { ignore } from "../../components/engine/api/ignore.ts";
import { dataPlaces } from "../../components/names.ts";
import { definitionsOf } from "../../components/services.ts";
import { exitCode, XnaiError } from "../../lib/errors.ts";
import { scriptCommand } from "../../lib/shell.ts";
import { dataDirectories, dataVolumeNames } from "../pulumi/resources.ts";
import type { StackState } from "../pulumi/state.ts";
import type { Engine } from "./connection/connect.ts";
import { runAsRoot } from "./root-task.ts";

/** Where a stack's data is. */
export interface StackData {
  volumes: string[];
  directories: string[];
}

/**
 * By state, and by the configuration: a destroy that was interrupted has removed what state knew of directories.
 * @param local whether the directories are on this machine; on another one each may be there
 */
export function dataOf(config: StackConfig, state: StackState, local: boolean): StackData {
  const configured = dataPlaces(config, definitionsOf(config)).flatMap(({ hostPath }) => hostPath ?? []);
  const directories = new Set([...dataDirectories(state), ...configured.filter((path) => !local || existsSync(path))]);
  return { volumes: dataVolumeNames(state), directories: [...directories].toSorted() };
}

/** Deletes it. @throws XnaiError (failed) that names what is left; the passwords that open it are still there then */
export async function deleteData(
  { docker }: Engine,
  { stack, config }: { stack: string; config: StackConfig },
  { volumes, directories }: StackData,
): Promise<void> {
  try {
    if (directories.length > 0) {
      const places = directories.map((hostPath, index) => ({ service: "", hostPath, path: `/delete/${index}` }));
      const command = scriptCommand(
        "sh",
        import.meta.dirname,
        "empty.sh",
        places.map(({ path }) => path),
      );
      await runAsRoot(docker, { stack, config, name: "delete_data", command, places });
    }
    for (const name of volumes) await docker.getVolume(name).remove().catch(ignore(404));
  } catch (error) {
    const byHand = directories.length > 0 ? `sudo rm -r ${directories.map(quoted).join(" ")}` : undefined;
    throw new XnaiError(
      exitCode.failed,
      `Data of stack ${stack} could not be deleted: ${(error as Error).message}`,
      `What runs is removed; the passwords are kept with the data.${byHand ? ` Delete the directories: ${byHand}` : ""}\nThen run again: npm run destroy -- --data`,
      { cause: error },
    );
  }
}

const quoted = (path: string) => (/^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`);
