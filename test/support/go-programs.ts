// Programs of a Go module that tests run, built once into the cache of this user.
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { execa } from "execa";
import { cacheFolder } from "../../airgap/cache-folder.ts";
import { cacheRoot } from "../../airgap/toolchain/cache.ts";
import { findGo } from "../../airgap/toolchain/go.ts";

/** Packages of one module, such as `github.com/nektos/act`, at a version. What they need is pinned by the module itself. */
export interface GoPrograms {
  readonly packages: readonly string[];
  readonly version: string;
  /** More options of Go's linker. */
  readonly ldflags?: string;
}

/** The folder that they are, or will be, in; named after the first. */
export const folderOf = ({ packages: [first = ""], version }: GoPrograms): string =>
  join(dirname(cacheFolder(process.env, "toolchain")), `${basename(first)}@${version}`);

/** Builds them if they are not there. @returns their folder @throws what Go says */
export async function buildGoPrograms(programs: GoPrograms, say: (text: string) => void): Promise<string> {
  const folder = folderOf(programs);
  if (existsSync(folder)) return folder;
  const packages = programs.packages.map((each) => `${each}@${programs.version}`);
  say(`building ${packages.join(", ")}: once, some minutes`);
  const go = await findGo(cacheRoot(process.env), process.env, say);
  await mkdir(dirname(folder), { recursive: true });
  const partial = await mkdtemp(`${folder}.partial-`);
  try {
    await execa(go, ["install", "-ldflags", `-s -w ${programs.ldflags ?? ""}`, ...packages], {
      env: { GOBIN: partial, CGO_ENABLED: "0", GOFLAGS: "" },
    });
    // Whoever comes first has made it for all.
    await rename(partial, folder).catch((error) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return folder;
}
