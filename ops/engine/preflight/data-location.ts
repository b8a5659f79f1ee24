// Data does not move by itself: with another `prefix` or `storage.root` the stack would start empty beside it.
import type { StackConfig } from "../../../components/config/keys/base.ts";
import { exitCode, XnaiError } from "../../../lib/errors.ts";
import { dataDirectories, dataVolumeNames } from "../../pulumi/resources.ts";
import type { StackState } from "../../pulumi/state.ts";

/**
 * Makes sure that the configuration leads to the data that the stack has. Pure.
 * @throws XnaiError (usage) that names the key which leads away from it, and where the data is
 */
export function checkDataStays(config: StackConfig, state: StackState): void {
  const volumes = dataVolumeNames(state);
  const elsewhere = volumes.find((name) => !name.startsWith(`${config.prefix}_`));
  if (elsewhere !== undefined)
    throw refusal(
      `prefix is ${config.prefix}, but this stack's data is in volumes such as ${elsewhere}.`,
      "Set prefix back, or make a new stack for the new prefix (npm run up -- --stack NAME).",
    );
  const root = config.storage.root;
  if (volumes.length > 0 && root !== undefined)
    throw refusal(
      `storage.root is ${root}, but this stack's data is in Docker volumes (${volumes.join(", ")}).`,
      "Remove storage.root, or make a new stack for the directory.",
    );
  const outside = dataDirectories(state).find((path) => root === undefined || !path.startsWith(`${root}/`));
  if (outside !== undefined)
    throw refusal(
      `storage.root is ${root ?? "not set"}, but this stack's data is in ${outside}.`,
      "Set storage.root back, or make a new stack.",
    );
}

function refusal(message: string, fix: string): XnaiError {
  return new XnaiError(exitCode.usage, message, `${fix} Nothing was changed.`);
}
