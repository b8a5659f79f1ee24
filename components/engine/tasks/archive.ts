// Files as a tar archive, in which a task gets them on its standard input.
import { posix } from "node:path";
import tar from "tar-stream";

/** Path below the place where the task unpacks them -> content. */
export type Files = Record<string, string>;

/** The archive: directories before what is in them, files that only their owner reads. */
export async function archive(files: Files): Promise<Buffer> {
  const pack = tar.pack();
  const folders = new Set(Object.keys(files).map((file) => posix.dirname(file)));
  for (const name of folders) if (name !== ".") pack.entry({ name, type: "directory", mode: 0o700 });
  for (const [name, content] of Object.entries(files)) pack.entry({ name, mode: 0o400 }, content);
  pack.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of pack) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
