/**
 * Image archives on disk: each recipe is built once into `CACHE/NAME/HASH.tar`. An archive appears there whole or
 * not at all, and one process builds at a time (apt's directory and the cores are shared).
 */
import { access, mkdir, mkdtemp, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { check, lock } from "proper-lockfile";
import { exitCode, XnaiError } from "../../lib/errors.ts";
import { writeArchive } from "./lib/archive.ts";
import { folderOf, type ImageName, localImage, recipeHash } from "./names.ts";
import { label, type Recipe } from "./recipe.ts";

const archivesKept = 3;

export function archiveOf(cache: string, name: ImageName): string {
  return join(cache, name, `${recipeHash(name)}.tar`);
}

export const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

/** Runs `work` while nobody else builds in this cache. @throws XnaiError (4) after an hour of waiting */
export async function alone<T>(cache: string, onWait: () => void, work: () => Promise<T>): Promise<T> {
  await mkdir(cache, { recursive: true });
  // A lost lock (the machine slept) is harmless: work directories are private and archives are renamed into place.
  const options = { stale: 10_000, realpath: false, onCompromised: () => {} };
  if (await check(cache, options)) onWait();
  const release = await lock(cache, {
    ...options,
    retries: { retries: 3600, minTimeout: 1000, maxTimeout: 1000 },
  }).catch((error) => {
    if (error.code !== "ELOCKED") throw error;
    throw new XnaiError(
      exitCode.busy,
      `Another run has been building images for an hour (lock ${cache}.lock).`,
      "End that run, or wait for it, then run the command again.",
      { cause: error },
    );
  });
  try {
    return await work();
  } finally {
    await release().catch(() => {});
  }
}

/** Builds one archive; to be called inside `alone`. Of the same image's older archives two stay. */
export async function buildArchive(cache: string, name: ImageName, progress: (text: string) => void): Promise<void> {
  const file = archiveOf(cache, name);
  const folder = dirname(file);
  await mkdir(folder, { recursive: true });
  await removeLeftovers(folder);
  const work = await mkdtemp(join(folder, "work-"));
  try {
    const { recipe }: { recipe: Recipe } = await import(`${folderOf(name)}/recipe.ts`);
    progress(`building, about ${recipe.seconds} s the first time`);
    const spec = await recipe.build({ work, cache, progress });
    progress("packing");
    const archive = join(work, "image.tar");
    await writeArchive(archive, localImage(name), spec, {
      [label.source]: "built",
      [label.version]: spec.version,
      [label.recipe]: recipeHash(name),
      ...(recipe.standIn && { [label.standIn]: "true", [label.standInNote]: recipe.standIn }),
    });
    await flush(archive);
    await rename(archive, file);
    await removeOldest(folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** To disk before it gets its name: a power cut must not leave an empty archive there. */
async function flush(file: string): Promise<void> {
  const handle = await open(file);
  await handle.sync().finally(() => handle.close());
}

/** What an interrupted build left. */
async function removeLeftovers(folder: string): Promise<void> {
  const left = (await readdir(folder)).filter((name) => !name.endsWith(".tar"));
  await Promise.all(left.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}

/** Of each image the newest archives are kept, for checkouts of other revisions. */
async function removeOldest(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".tar"));
  const archives = await Promise.all(
    names.map(async (name) => ({ path: join(folder, name), made: (await stat(join(folder, name))).mtimeMs })),
  );
  const old = archives.sort((a, b) => b.made - a.made).slice(archivesKept);
  await Promise.all(old.map(({ path }) => rm(path, { force: true })));
}
