// Images that have to be on the engine before anything is made from them.
import type Docker from "dockerode";
import { isBuiltHere } from "../../image-source.ts";

/** Gets an image that the engine lacks. @throws Error that says how to get one that no registry has */
export async function pull(docker: Docker, ref: string): Promise<void> {
  if (isBuiltHere(ref))
    throw new Error(
      `the image ${ref}, which is built on this machine, is not on the engine. Run npm run up, which builds it`,
    );
  await download(docker, ref);
}

/** Downloads an image from its registry, to the end. @throws what the engine answers, or writes into its progress */
export async function download(docker: Docker, ref: string): Promise<void> {
  const stream = await docker.pull(ref);
  await new Promise<void>((done, failed) =>
    docker.modem.followProgress(stream, (error: Error | null) => (error ? failed(error) : done())),
  );
}

/** Makes sure that an image is there which was built here; others are the provider's to pull. @throws as `pull` */
export async function checkBuilt(docker: Docker, ref: string): Promise<void> {
  if (!isBuiltHere(ref)) return;
  const missing = (error: { statusCode?: number }) => {
    if (error.statusCode !== 404) throw error;
    return pull(docker, ref);
  };
  await docker.getImage(ref).inspect().catch(missing);
}
