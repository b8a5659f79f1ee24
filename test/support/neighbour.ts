// Containers beside a stack, as its user would start them: made, seen and removed by the test.
import type Docker from "dockerode";
import { pack } from "tar-stream";

export interface NeighbourArgs {
  name: string;
  image: string;
  network: string;
  /** Names besides its own on that network. */
  aliases?: string[];
  entrypoint?: string[];
  command?: string[];
  user?: string;
  env?: string[];
  labels?: Record<string, string>;
  /** Absolute path -> content; put there before the container starts. */
  files?: Record<string, string | Buffer>;
  /** Files of `files` that have to be executable. */
  executable?: string[];
}

/** Creates and starts a container; one of that name from an earlier run goes first. */
export async function startNeighbour(docker: Docker, args: NeighbourArgs): Promise<Docker.Container> {
  await removeNeighbour(docker, args.name);
  const container = await docker.createContainer({
    name: args.name,
    Image: args.image,
    ...(args.entrypoint && { Entrypoint: args.entrypoint }),
    ...(args.command && { Cmd: args.command }),
    ...(args.user && { User: args.user }),
    ...(args.env && { Env: args.env }),
    ...(args.labels && { Labels: args.labels }),
    HostConfig: { NetworkMode: args.network },
    NetworkingConfig: { EndpointsConfig: { [args.network]: { Aliases: args.aliases ?? [] } } },
  });
  const files = Object.entries(args.files ?? {});
  if (files.length > 0) {
    const archive = pack();
    for (const [path, content] of files)
      archive.entry({ name: path.slice(1), mode: args.executable?.includes(path) ? 0o755 : 0o444 }, content);
    archive.finalize();
    await container.putArchive(archive as unknown as NodeJS.ReadableStream, { path: "/" });
  }
  await container.start();
  return container;
}

/** Nothing happens if there is none. */
export async function removeNeighbour(docker: Docker, name: string): Promise<void> {
  await docker
    .getContainer(name)
    .remove({ force: true })
    .catch((error: { statusCode?: number }) => {
      if (error.statusCode !== 404) throw error;
    });
}

/** Asks until the answer is right, at most so many seconds; the last answer is in the error. */
export async function eventually<T>(seconds: number, ask: () => Promise<T>, right: (answer: T) => boolean): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask().catch((error: Error) => error);
    if (!(answer instanceof Error) && right(answer)) return answer;
    if (Date.now() > end)
      throw new Error(`after ${seconds} s still: ${answer instanceof Error ? answer.message : JSON.stringify(answer)}`);
    await new Promise((done) => setTimeout(done, 250));
  }
}
