// Looks at the images of apps and writes down what they are, in `Pulumi.<stack>.lock.yaml`.
import { isDeepStrictEqual } from "node:util";
import type Docker from "dockerode";
import { isLocalReference, type Lock, lockFile, type Pinned, withLock } from "../../components/apps/lock.ts";
import { readLock, writeLock } from "../../components/apps/read-lock.ts";
import type { StackConfig } from "../../components/config/keys/base.ts";
import { ignore } from "../../components/engine/api/ignore.ts";
import { download } from "../../components/engine/api/images.ts";
import { isBuiltHere } from "../../components/image-source.ts";
import { exitCode, XnaiError } from "../../lib/errors.ts";
import { say } from "../../lib/progress.ts";
import { root } from "../paths.ts";
import { pullRefused } from "./registry.ts";

/** What the images of apps are, and the configuration that knows it. */
export interface Looked {
  config: StackConfig;
  lock: Lock;
}

/**
 * Looks at the image of every app: one that a registry has is pinned by its digest, for good; one that only this engine has by
 * its id, which is looked at each time, because its owner builds it anew. Pulls what nobody has looked at yet.
 * @throws XnaiError (machine) for an image that is nowhere to be had
 */
export async function lookAtImages(docker: Docker, stack: string, config: StackConfig): Promise<Looked> {
  const before = readLock(root, stack);
  const images: Lock["images"] = {};
  for (const [app, { image }] of Object.entries(config.apps))
    if (image !== undefined) images[image] ??= await pin(docker, app, image, before.images[image]);
  return { config: withLock(config, { images }), lock: { images } };
}

/** Looks at them and writes down what they are. @throws as `lookAtImages` */
export async function pinImages(docker: Docker, stack: string, config: StackConfig): Promise<StackConfig> {
  const looked = await lookAtImages(docker, stack, config);
  if (isDeepStrictEqual(looked.lock, readLock(root, stack))) return looked.config;
  writeLock(root, stack, looked.lock);
  if (Object.keys(looked.lock.images).length > 0)
    say(`${lockFile(stack)} is written: it says what the images of the apps are, and belongs into git`);
  return looked.config;
}

async function pin(docker: Docker, app: string, image: string, before: Pinned | undefined): Promise<Pinned> {
  if (before?.digest) return before;
  const inspect = () => docker.getImage(image).inspect().catch(ignore(404));
  const there = await inspect();
  if (there) {
    const now = whatItIs(image, there);
    if (before && now.id !== before.id)
      say(`${image} is another image than before: ${app} gets the one that is there now`);
    return now;
  }
  if (before) return before;
  if (isLocalReference(image) || isBuiltHere(image))
    throw new XnaiError(
      exitCode.machine,
      `The image ${image} of apps.${app} is not on the engine, and no registry has it.`,
      `Build it, or load it: docker build -t ${image} DIRECTORY\nThen run the same command again. Nothing was changed.`,
    );
  say(`pulling ${image}`);
  await download(docker, image).catch(async (error) => {
    throw await pullRefused(app, image, error);
  });
  return whatItIs(image, await docker.getImage(image).inspect());
}

/** `docker.io/library/python:3.12` -> `python`, as engines write it beside a digest. */
const repository = (reference: string) =>
  reference
    .replace(/@.*$/, "")
    .replace(/:[^:/]*$/, "")
    .replace(/^docker\.io\//, "")
    .replace(/^library\//, "");

function whatItIs(image: string, { Id, RepoDigests, Config }: Docker.ImageInspectInfo): Pinned {
  const known = (RepoDigests ?? []).find((each) => repository(each) === repository(image));
  const digest = isLocalReference(image) ? undefined : known?.split("@")[1];
  const words = (value: unknown) =>
    Array.isArray(value) ? (value as string[]) : typeof value === "string" ? [value] : [];
  return {
    ...(digest ? { digest } : { id: Id }),
    entrypoint: words(Config.Entrypoint),
    command: words(Config.Cmd),
    user: Config.User ?? "",
    volumes: Object.keys(Config.Volumes ?? {}),
  };
}
