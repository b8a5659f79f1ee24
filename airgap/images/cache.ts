// Image archives on disk: each image is built once into `CACHE/NAME/HASH.tar`. An archive appears there whole or not at
// all, and one process builds at a time (apt's directory and the cores are shared).
import { access, mkdir, mkdtemp, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { withLock } from "../../lib/lock.ts";
import { imageLabel } from "./labels.ts";
import { writeArchive } from "./lib/archive.ts";
import { assemble } from "./lib/assemble.ts";
import { realIngredients } from "./lib/ingredients.ts";
import { type ImageName, localImage, recipeHash } from "./names.ts";
import { recipes } from "./recipes.ts";

const archivesKept = 3;
const waitLimitMilliseconds = 3600 * 1000;

/** Where the archive of an image is, if it was built. */
export function archiveOf(cache: string, name: ImageName): string {
  return join(cache, name, `${recipeHash(name)}.tar`);
}

export function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/**
 * Runs `work` while nobody else builds in this cache.
 * @param onWait called if somebody else does
 * @throws XnaiError (busy) after an hour of waiting
 */
export async function alone<T>(cache: string, onWait: () => void, work: () => Promise<T>): Promise<T> {
  await mkdir(cache, { recursive: true });
  const wait = { onWait, limit: waitLimitMilliseconds };
  return withLock(join(cache, "build.lock"), { command: "up", subject: `the images in ${cache}`, wait }, work);
}

/** Builds one archive; to be called inside `alone`. */
export async function buildArchive(cache: string, name: ImageName, progress: (text: string) => void): Promise<void> {
  const file = archiveOf(cache, name);
  const folder = dirname(file);
  await mkdir(folder, { recursive: true });
  await removeLeftovers(folder);
  const work = await mkdtemp(join(folder, "work-"));
  try {
    const recipe = recipes[name];
    progress(`building, about ${recipe.seconds} s the first time`);
    const spec = await assemble(recipe, realIngredients({ work, cache, progress }));
    progress("packing");
    const archive = join(work, "image.tar");
    await writeArchive(archive, localImage(name), spec, {
      [imageLabel.source]: "built",
      [imageLabel.version]: spec.version,
      [imageLabel.recipe]: recipeHash(name),
      ...(recipe.standIn && { [imageLabel.standIn]: "true", [imageLabel.standInNote]: recipe.standIn }),
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

/** Keeps the newest archives of an image, for checkouts of other revisions. */
async function removeOldest(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".tar"));
  const archives = await Promise.all(
    names.map(async (name) => ({ path: join(folder, name), made: (await stat(join(folder, name))).mtimeMs })),
  );
  const old = archives.sort((a, b) => b.made - a.made).slice(archivesKept);
  await Promise.all(old.map(({ path }) => rm(path, { force: true })));
}
