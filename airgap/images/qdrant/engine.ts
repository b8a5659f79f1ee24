/** The storage engine: PyPI's qdrant-edge-py, which is Qdrant's own code as a Python extension (Apache-2.0). */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { ExecaError, execa } from "execa";
import { exitCode, XnaiError } from "../../../ops/errors.ts";
import type { Tree } from "../lib/tree.ts";
import type { BuildContext } from "../recipe.ts";

/** Adds the wheel pinned in requirements.txt, checked against its hash. @throws XnaiError (3) without pip or network */
export async function addEngine(context: BuildContext, tree: Tree): Promise<void> {
  context.progress("fetching the storage engine from PyPI");
  const wheels = join(context.cache, "wheels");
  const platform = `manylinux_2_28_${process.arch === "x64" ? "x86_64" : "aarch64"}`;
  const requirements = join(import.meta.dirname, "requirements.txt");
  const wheel = ["--only-binary", ":all:", "--platform", platform, "--python-version", "3.11"];
  // The folder is looked into first: what is there already needs no network, but its hash has to be right.
  const download = ["--no-deps", "--require-hashes", "--find-links", wheels, ...wheel, "--dest", wheels];
  await python("-m", "pip", "download", "--quiet", "--disable-pip-version-check", ...download, "-r", requirements);
  const file = readdirSync(wheels).find((name) => name.startsWith("qdrant_edge_py-") && name.includes(platform));
  const unpacked = join(context.work, "engine");
  await python("-m", "zipfile", "-e", join(wheels, file ?? ""), unpacked);
  tree.hostDirectory("usr/lib/xnai-standin/qdrant_edge", join(unpacked, "qdrant_edge"));
}

async function python(...args: string[]): Promise<void> {
  try {
    await execa("python3", args);
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error;
    if (error.code === "ENOENT" || /No module named pip/.test(String(error.stderr))) {
      throw new XnaiError(
        exitCode.machine,
        "Python 3 with pip is needed to build the image of Qdrant's stand-in.",
        "Install it (apt-get install python3-pip) and run the command again.",
        { cause: error },
      );
    }
    const said = String(error.stderr ?? "")
      .split("\n")
      .find((line) => /error/i.test(line));
    throw new XnaiError(
      exitCode.machine,
      `The storage engine of Qdrant's stand-in cannot be fetched from PyPI: ${said ?? error.shortMessage}`,
      "Check that pip reaches its index on this machine, then run the command again.",
      { cause: error },
    );
  }
}
