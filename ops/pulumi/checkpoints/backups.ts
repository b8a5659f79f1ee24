// The copies of a state that Pulumi keeps by itself in the local backend (pkg/backend/diy/state.go): `<stack>.json.bak`, the
// state before the last write; `backups/` and `history/`, the state after each update.
import { globSync } from "node:fs";
import { join } from "node:path";
import { project, stateDir } from "../../paths.ts";
import { stateFile } from "../backend.ts";
import { type Checkpoint, isWhole, readCheckpoint } from "./checkpoint.ts";

/** Where the local backend has its files. */
const backend = join(stateDir, ".pulumi");

/** The folders in which the local backend keeps copies of this stack alone. */
export const copyFolders = (stack: string) =>
  ["backups", "history"].map((folder) => join(backend, folder, project, stack));

/** The copies that are whole, the newest first. */
export function wholeCopies(stack: string): Checkpoint[] {
  const before = readCheckpoint(`${stateFile(stack)}.bak`, stack);
  // Making a stack leaves one without resources there: nothing that anybody lost.
  return newestFirst([...(isWhole(before) && before.resources > 0 ? [before] : []), ...copiesAfterUpdates(stack)]);
}

/** The state after the last update that left something: before a bare `pulumi destroy`, which takes the passwords away. */
export function lastWithResources(stack: string): Checkpoint | undefined {
  return newestFirst(copiesAfterUpdates(stack)).find(({ resources }) => resources > 0);
}

function copiesAfterUpdates(stack: string): Checkpoint[] {
  const files = copyFolders(stack).flatMap((cwd) =>
    globSync(["*.checkpoint.json", `${stack}.*.json`], { cwd }).map((file) => join(cwd, file)),
  );
  return files.map((file) => readCheckpoint(file, stack)).filter(isWhole);
}

const newestFirst = (copies: Checkpoint[]) => copies.toSorted((one, other) => other.time - one.time);

/** `history/xnai/dev/dev-179.checkpoint.json: of 27 November 2026, 12:01:29, with 80 resources`. */
export function describe({ file, resources, time }: Checkpoint): string {
  return `${file}: of ${new Date(time).toLocaleString("sv")}, with ${resources} resources`;
}
