// Room that is kept for the state while Pulumi works. Pulumi writes the state after each step; on a disk that is full it leaves a
// cut file, and tries again for half a minute. What is given back within that time lets it write the file whole.
import { closeSync, openSync, rmSync, statfsSync, writeSync } from "node:fs";
import { join } from "node:path";
import { say } from "../../lib/progress.ts";
import { stateDir } from "../paths.ts";
import { usesLocalBackend } from "./backend.ts";

/** Several times the state and its copies, bytes. */
const reserved = 8 * 2 ** 20;

/** Free bytes below which the room is given back. */
const low = 2 * 2 ** 20;

/** How often that is looked at: more often than Pulumi tries again, milliseconds. */
const everyMs = 200;

function freeIn(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/**
 * Does some work that writes the state, with room in reserve for that.
 * @param folder on the state's disk. @default the state directory
 * @param free looks up free bytes. @default what the file system says
 */
export async function withReserve<T>(work: () => Promise<T>, folder = stateDir, free = freeIn): Promise<T> {
  if (!usesLocalBackend()) return work();
  const file = join(folder, "reserve");
  fill(file);
  const watch = setInterval(() => {
    if (free(folder) >= low) return;
    clearInterval(watch);
    rmSync(file, { force: true });
    say(`the disk of ${folder} is full: the state is written to what was kept in reserve for it`);
  }, everyMs);
  try {
    return await work();
  } finally {
    clearInterval(watch);
    rmSync(file, { force: true });
  }
}

/** Data that no file system makes smaller; as much as there is room for. */
function fill(file: string): void {
  const descriptor = openSync(file, "w", 0o600);
  try {
    const chunk = new Uint8Array(2 ** 16);
    for (let at = 0; at < reserved; at += chunk.length) {
      crypto.getRandomValues(chunk);
      writeSync(descriptor, chunk);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
  } finally {
    closeSync(descriptor);
  }
}
