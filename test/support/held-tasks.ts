// Tasks that a test can hold while they are at work: busybox, in which every task that prepares a service runs, is exchanged
// for one whose shell waits for as long as a file lies beside the data. Everything else is as it is for a user.
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type Docker from "dockerode";
import { pack } from "tar-stream";
import { ensureImages } from "../../airgap/images/index.ts";
import { localImage } from "../../airgap/images/names.ts";
import { eventually } from "./neighbour.ts";

const busybox = localImage("busybox");
const kept = "xnai.local/busybox:kept";
const flag = ".hold";
const shell = `#!/bin/busybox sh
while [ -e /prepare/data/${flag} ]; do sleep 0.1; done
exec /bin/sh "$@"
`;

function named(reference: string): { repo: string; tag: string } {
  const at = reference.lastIndexOf(":");
  return { repo: reference.slice(0, at), tag: reference.slice(at + 1) };
}

/** Exchanges the image. The engine keeps the right one, for `giveBack`. */
export async function exchangeBusybox(docker: Docker): Promise<void> {
  await ensureImages({ docker, names: ["busybox"] });
  await docker.getImage(busybox).tag(named(kept));
  const container = await docker.createContainer({ Image: busybox, Cmd: ["true"] });
  const archive = pack();
  archive.entry({ name: "held/sh", mode: 0o755 }, shell);
  archive.finalize();
  await container.putArchive(archive as unknown as NodeJS.ReadableStream, { path: "/" });
  await container.commit({ ...named(busybox), changes: "ENV PATH=/held:/bin:/usr/bin" });
  await container.remove();
}

/** Puts the right image back in its place. */
export async function giveBusyboxBack(docker: Docker): Promise<void> {
  const { Id: held } = await docker.getImage(busybox).inspect();
  await docker.getImage(kept).tag(named(busybox));
  for (const image of [kept, held]) await docker.getImage(image).remove({ force: true });
}

/** Has the task that prepares a service wait, as soon as it is at work, until it is let go. @param data its directory on this machine */
export const hold = (data: string) => writeFile(join(data, flag), "");

/** Lets it go on. */
export const letGo = (data: string) => rm(join(data, flag), { force: true });

/** Returns once a container of this name runs. */
export const atWork = (docker: Docker, name: string) =>
  eventually(
    60,
    () => docker.getContainer(name).inspect(),
    ({ State }) => State.Running,
  );
