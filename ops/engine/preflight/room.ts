// Free space and inodes where an update writes: looked at before anything is changed, because an engine that runs out of space
// half-way leaves half of everything.
import { existsSync, statfsSync } from "node:fs";
import { dirname } from "node:path";
import type { StackConfig } from "../../../components/config/keys/base.ts";
import { exitCode, XnaiError } from "../../../lib/errors.ts";
import { stateDir } from "../../paths.ts";
import { usesLocalBackend } from "../../pulumi/backend.ts";
import type { Engine } from "../connection/connect.ts";

/** A place where an update writes, and what it may need there. */
export interface Place {
  what: string;
  path: string;
  /** MiB: several times what it was seen to take, without the images, which the engine refuses by itself. */
  needsMiB: number;
}

/** Files that an update may make: configuration files, a database's first ones, the state's copies. */
const neededInodes = 2_000;

/** What `statfs` says of a file system. `files` is 0 where the number of inodes has no limit. */
export interface FileSystem {
  bavail: number;
  bsize: number;
  files: number;
  ffree: number;
}

/**
 * @param dataRoot where the engine keeps its data
 * @throws XnaiError (machine) that says where how much is missing
 */
export function checkRoom(engine: Pick<Engine, "local">, config: StackConfig, dataRoot: string | undefined): void {
  const problems = places(engine, config, dataRoot).flatMap((place) => shortage(place, statfsOf(place.path)));
  if (problems.length === 0) return;
  throw new XnaiError(
    exitCode.machine,
    problems.join("\n"),
    "Free that much (docker system df shows what the engine keeps), then run the same command again. Nothing was changed.",
  );
}

function places({ local }: Pick<Engine, "local">, { storage }: StackConfig, dataRoot: string | undefined): Place[] {
  const found: Place[] = [];
  if (usesLocalBackend()) found.push({ what: "the state", path: stateDir, needsMiB: 32 });
  if (!local) return found;
  if (dataRoot) found.push({ what: "the engine's data", path: dataRoot, needsMiB: 256 });
  if (storage.root !== undefined) found.push({ what: "storage.root", path: storage.root, needsMiB: 256 });
  return found;
}

/** What is missing in a place, in words. Pure. */
export function shortage({ what, path, needsMiB }: Place, system: FileSystem | undefined): string[] {
  if (system === undefined) return [];
  const freeMiB = Math.floor((system.bavail * system.bsize) / 2 ** 20);
  const problems: string[] = [];
  if (freeMiB < needsMiB)
    problems.push(
      `${path} (${what}) has ${freeMiB} MiB free, and an update may need ${needsMiB} MiB: ${needsMiB - freeMiB} MiB are missing.`,
    );
  if (system.files > 0 && system.ffree < neededInodes)
    problems.push(
      `${path} (${what}) has ${system.ffree} inodes free, and an update may need ${neededInodes}: ${neededInodes - system.ffree} are missing.`,
    );
  return problems;
}

/** Of a folder, or of the one in which it will be made; undefined where it may not be looked at. */
function statfsOf(path: string): FileSystem | undefined {
  let folder = path;
  while (!existsSync(folder) && folder !== dirname(folder)) folder = dirname(folder);
  try {
    return statfsSync(folder);
  } catch {
    return undefined;
  }
}
