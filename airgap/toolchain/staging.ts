// Folders in which something is downloaded or built before it is moved to where it belongs.
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

const stagingPrefix = ".staging-";

/** Works in a folder that is on the same disk as the result, and gone afterwards. */
export async function staged(folder: string, work: (staging: string) => Promise<void>): Promise<void> {
  const staging = await mkdtemp(join(folder, stagingPrefix));
  try {
    await work(staging);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** Removes what a process that was killed left behind. */
export async function clearStaged(folder: string): Promise<void> {
  for (const left of await readdir(folder))
    if (left.startsWith(stagingPrefix)) await rm(join(folder, left), { recursive: true, force: true });
}
