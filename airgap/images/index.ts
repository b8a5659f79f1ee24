// Gets the images that a machine without a hub needs into its engine: built once into the user's cache
// (`$XDG_CACHE_HOME/xnai/images`), loaded from there into any engine.
import { createReadStream } from "node:fs";
import { text } from "node:stream/consumers";
import type Dockerode from "dockerode";
import { exitCode, XnaiError } from "../../lib/errors.ts";
import { cacheFolder } from "../cache-folder.ts";
import { alone, archiveOf, buildArchive, exists } from "./cache.ts";
import { imageLabel } from "./labels.ts";
import { architecture } from "./lib/archive.ts";
import { type ImageName, localImage } from "./names.ts";

export interface EnsureImagesOptions {
  readonly docker: Dockerode;
  readonly names: readonly ImageName[];
  /** Is told what is going on, one line at a time: `image redis: loading into the engine`. */
  readonly onProgress?: (line: string) => void;
  /** XDG_CACHE_HOME says where the cache is. @default process.env */
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Builds or loads those of the images that the engine lacks, side by side; returns at once when it lacks none.
 * One that fails does not stop the others: those are in the engine when this throws.
 * @throws XnaiError (machine) with the first failure; (busy) when another run has been building for an hour
 */
export async function ensureImages(options: EnsureImagesOptions): Promise<void> {
  const { docker, names, onProgress = () => {}, env = process.env } = options;
  const present = await imagesInEngine(docker, names.map(localImage));
  const missing = names.filter((name) => !present.has(localImage(name)));
  if (missing.length === 0) return;
  await sameArchitecture(docker);

  const cache = cacheFolder(env, "images");
  const provide = async (name: ImageName, build: boolean) => {
    const progress = (text: string) => onProgress(`image ${name}: ${text}`);
    if (build && !(await exists(archiveOf(cache, name)))) await buildArchive(cache, name, progress);
    progress("loading into the engine");
    await load(docker, name, archiveOf(cache, name));
  };
  const cached = await Promise.all(missing.map((name) => exists(archiveOf(cache, name))));
  const toBuild = missing.filter((_, at) => !cached[at]);
  const toLoad = missing.filter((_, at) => cached[at]);
  const onWait = () => onProgress("images: waiting for another run that builds them");
  const results = await Promise.all([
    Promise.allSettled(toLoad.map((name) => provide(name, false))),
    toBuild.length > 0
      ? alone(cache, onWait, () => Promise.allSettled(toBuild.map((name) => provide(name, true))))
      : [],
  ]).catch((error) => {
    throw buildFailure(error, cache);
  });
  const failed = results.flat().find((result) => result.status === "rejected");
  if (failed) throw buildFailure(failed.reason, cache);
}

/** What an image in the engine says of itself. */
export interface EngineImage {
  readonly id: string;
  /** `built` here, or from elsewhere (a hub, or loaded by hand). */
  readonly source: "built" | "elsewhere";
  /** Upstream's version; known of images built here. */
  readonly version?: string;
  /** Of a stand-in: the sentence that says so. */
  readonly standIn?: string;
}

/** Which of these references (a hub's or `localImage`s) the engine has already. */
export async function imagesInEngine(
  docker: Dockerode,
  references: readonly string[],
): Promise<ReadonlyMap<string, EngineImage>> {
  const found = new Map<string, EngineImage>();
  const look = async (reference: string) => {
    const image = await docker
      .getImage(reference)
      .inspect()
      .catch((error) => {
        if (error.statusCode !== 404) throw error;
      });
    if (!image) return;
    const labels = image.Config?.Labels ?? {};
    found.set(reference, {
      id: image.Id,
      source: labels[imageLabel.source] === "built" ? "built" : "elsewhere",
      version: labels[imageLabel.version],
      standIn: labels[imageLabel.standIn] === "true" ? labels[imageLabel.standInNote] : undefined,
    });
  };
  await Promise.all(references.map(look));
  return found;
}

async function sameArchitecture(docker: Dockerode): Promise<void> {
  const { Arch } = await docker.version();
  if (Arch === architecture) return;
  throw new XnaiError(
    exitCode.machine,
    `The engine's machine is ${Arch} and this one is ${architecture}: images built here would not run there.`,
    "Run the command on the engine's own machine.",
  );
}

async function load(docker: Dockerode, name: ImageName, file: string): Promise<void> {
  const reference = localImage(name);
  const said = await text(await docker.loadImage(createReadStream(file), { quiet: true }));
  if ((await imagesInEngine(docker, [reference])).has(reference)) return;
  throw new XnaiError(
    exitCode.machine,
    `The engine did not take the image ${reference}: ${said.trim()}`,
    `Check the engine's free disk space. If ${file} is damaged, delete it. Then run the command again.`,
  );
}

/** Says what a user can do about a full disk or a cache that cannot be written; other errors stay as they are. */
function buildFailure(error: unknown, cache: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  const cannot = (why: string, fix: string) =>
    new XnaiError(exitCode.machine, `The images cannot be built: ${why}`, fix, { cause: error });
  // The second is how the engine says that it is out of room.
  if (code === "ENOSPC" || /no space left on device/.test(message)) {
    return cannot(`no space left (${message}).`, "Free 4 GB of disk and run the command again.");
  }
  if (code === "EACCES" || code === "EROFS" || code === "ENOTDIR") {
    return cannot(`${cache} cannot be written (${message}).`, "Give that folder to this user, or set XDG_CACHE_HOME.");
  }
  return error;
}
