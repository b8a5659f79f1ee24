// Images that a test makes on the engine itself, as a user would build them.
import type Docker from "dockerode";
import { extract, pack } from "tar-stream";
import { localImage } from "../../airgap/images/names.ts";
import { finished } from "../../components/engine/api/images.ts";

/**
 * An image that has nothing but a web server, which is a busybox under that name, and one page: no shell, no client, no user.
 * @param reference with a tag
 * @param page what the page says
 */
export async function bareImage(docker: Docker, reference: string, page: string): Promise<void> {
  const archive = pack();
  archive.entry({ name: "bin/httpd", mode: 0o755 }, await busyboxOf(docker));
  archive.entry({ name: "www/index.html", mode: 0o444 }, `${page}\n`);
  archive.finalize();
  const [repo = "", tag = ""] = [reference.slice(0, reference.lastIndexOf(":")), reference.split(":").pop()];
  const changes = ['CMD ["httpd","-f","-p","8000","-h","/www"]', "ENV PATH=/bin"];
  const answer = await docker.importImage(archive as unknown as NodeJS.ReadableStream, { repo, tag, changes });
  await finished(docker, answer);
}

/** The program of the image that tasks run. */
async function busyboxOf(docker: Docker): Promise<Buffer> {
  const container = await docker.createContainer({ Image: localImage("busybox") });
  try {
    const archive = await container.getArchive({ path: "/usr/bin/busybox" });
    for await (const entry of archive.pipe(extract())) {
      const chunks: Buffer[] = [];
      for await (const chunk of entry) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks);
    }
    throw new Error("the image of the tasks has no busybox");
  } finally {
    await container.remove();
  }
}
