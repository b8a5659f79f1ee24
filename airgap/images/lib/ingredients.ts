// Where the parts of real images come from: Debian's mirror, the Go module proxy and PyPI.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { execa } from "execa";
import { fetchDebs } from "./apt.ts";
import type { Ingredients } from "./assemble.ts";
import type { BuildContext } from "./build-context.ts";
import { buildGo, goLicence } from "./go.ts";
import { fetchWheel } from "./wheel.ts";

/** Downloads and compiles what recipes ask for. @throws XnaiError (machine) that says what this machine lacks */
export function realIngredients(context: BuildContext): Ingredients {
  return {
    async packages(names) {
      context.progress(`fetching ${names.length} Debian packages`);
      const debs = await fetchDebs(context.cache, names);
      return debs.map(({ name, version, file }) => ({ name, version, unpackTo: (tar) => unpackDeb(file, tar) }));
    },
    program: (program, folder) => buildGo(context, program, folder),
    licence: (program, folder) => goLicence(context, program, folder),
    wheel: (wheel, folder) => fetchWheel(context, wheel, folder),
    applets: (busybox) => listApplets(context, busybox),
  };
}

async function unpackDeb(file: string, tar: NodeJS.WritableStream): Promise<void> {
  const dpkg = execa("dpkg-deb", ["--fsys-tarfile", file], { buffer: false });
  await Promise.all([pipeline(dpkg.stdout, tar), dpkg]);
}

/** Runs busybox itself: it is static, so it needs nothing of the image. */
async function listApplets(context: BuildContext, busybox: Buffer): Promise<string[]> {
  const program = join(context.work, "busybox");
  await writeFile(program, busybox, { mode: 0o755 });
  const { stdout } = await execa(program, ["--list"]);
  return stdout.split("\n").filter((name) => name && name !== "busybox");
}
