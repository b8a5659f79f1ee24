// Images that have to be on the engine before anything is made from them.
import type Docker from "dockerode";
import { isBuiltHere } from "../../image-source.ts";
import { loginFor } from "./registry-login.ts";

/** Whether a reference is the id of an image, which only the engine that has it knows. */
const isId = (ref: string) => /^sha256:/.test(ref);

/** Gets an image that the engine lacks. @throws Error that says how to get one that no registry has */
export async function pull(docker: Docker, ref: string): Promise<void> {
  if (isId(ref))
    throw new Error(
      `the image with the id ${ref}, which no registry has, is not on the engine. Build or load it again, then run npm run up`,
    );
  if (isBuiltHere(ref))
    throw new Error(
      `the image ${ref}, which is built on this machine, is not on the engine. Run npm run up, which builds it`,
    );
  await download(docker, ref);
}

/**
 * Downloads an image from its registry, to the end, with the login that this machine has there.
 * @throws what the engine answers, or writes into its progress
 */
export async function download(docker: Docker, ref: string): Promise<void> {
  const authconfig = await loginFor(ref);
  await finished(docker, await docker.pull(ref, authconfig ? { authconfig } : {}));
}

/**
 * Waits for the end of what an engine does to an image. One that has begun to answer when it fails says so in its progress, which
 * ends as any other.
 * @throws Error with what it writes there
 */
export async function finished(docker: Docker, stream: NodeJS.ReadableStream): Promise<void> {
  const progress = await new Promise<{ error?: string }[]>((done, failed) =>
    docker.modem.followProgress(stream, (error: Error | null, lines) => (error ? failed(error) : done(lines))),
  );
  const said = progress.find(({ error }) => error !== undefined)?.error;
  if (said !== undefined) throw new Error(said);
}

/** Makes sure that an image is there which no registry has; others are the provider's to pull. @throws as `pull` */
export async function checkBuilt(docker: Docker, ref: string): Promise<void> {
  if (!isBuiltHere(ref) && !isId(ref)) return;
  const missing = (error: { statusCode?: number }) => {
    if (error.statusCode !== 404) throw error;
    return pull(docker, ref);
  };
  await docker.getImage(ref).inspect().catch(missing);
}
