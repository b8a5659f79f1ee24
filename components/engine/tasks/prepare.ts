// What the task that prepares a service runs (prepare.sh): data goes to its owner, configuration files to where the service
// reads them. Pure.
import { scriptCommand } from "../../../lib/shell.ts";
import type { Owner } from "../../config/keys/base.ts";

/** Where the task sees the service's configuration. */
export const configMount = "/prepare/config";

/** Which of the two writes the data of a service that has a stand-in; the other one never gets to see it. */
export type Writer = "stand-in" | "real";

/** One place to be prepared. */
export interface DataTarget {
  /** Path inside the task's container. */
  path: string;
  /** How messages call it. */
  title: string;
}

/** What is prepared, and for whom. */
export interface PrepareArgs {
  owner: Owner;
  data: DataTarget[];
  /** Names of the configuration files, each with the fewest bytes that it may have; others are removed. */
  files: Record<string, number>;
  /** Of a service that has a stand-in. @default the same for whoever wrote the data */
  writer?: Writer;
  /** Whether this image's busybox is put beside the files. @default false */
  launcher?: boolean | undefined;
}

/** The command of the task. */
export function prepareCommand({ owner, data, files, writer, launcher }: PrepareArgs): string[] {
  const targets = data.flatMap(({ path, title }) => [path, title]);
  const names = Object.entries(files).map(([name, least]) => `${least}:${name}`);
  const config = names.length > 0 || launcher ? configMount : "";
  const args = [`${owner.uid}:${owner.gid}`, config, writer ?? "any", ...targets, "--", ...names];
  const command = scriptCommand("sh", import.meta.dirname, "prepare.sh", args);
  // Around the script and not in it: the command of every other service stays as it is.
  return launcher ? scriptCommand("sh", import.meta.dirname, "with-launcher.sh", command.slice(2)) : command;
}
