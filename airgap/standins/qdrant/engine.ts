/** The storage engine: PyPI's qdrant-edge-py, which is Qdrant's own code as a Python extension (Apache-2.0). */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ExecaError, execa } from "execa";
import { exitCode, XnaiError } from "../../../lib/errors.ts";
import type { Tree } from "../../images/lib/tree.ts";
import type { BuildContext } from "../../images/recipe.ts";

const requirements = join(import.meta.dirname, "requirements.txt");
const platform = `manylinux_2_28_${process.arch === "x64" ? "x86_64" : "aarch64"}`;

/** Adds the wheel pinned in requirements.txt. @throws XnaiError (3) without pip or network */
export async function addEngine(context: BuildContext, tree: Tree): Promise<void> {
  const wheels = join(context.cache, "wheels");
  mkdirSync(wheels, { recursive: true });
  if (!pinnedWheel(wheels)) {
    context.progress("fetching the storage engine from PyPI");
    const wanted = ["--only-binary", ":all:", "--platform", platform, "--python-version", "3.11", "--no-deps"];
    await python(
      "-m",
      "pip",
      "download",
      "--quiet",
      "--require-hashes",
      ...wanted,
      "--dest",
      wheels,
      "-r",
      requirements,
    );
  }
  const unpacked = join(context.work, "engine");
  await python("-m", "zipfile", "-e", pinnedWheel(wheels) ?? "", unpacked);
  tree.hostDirectory("usr/lib/xnai-standin/qdrant_edge", join(unpacked, "qdrant_edge"));
}

/** The wheel for this machine whose hash is a pinned one, so that a second build needs no network. */
function pinnedWheel(folder: string): string | undefined {
  const pinned = readFileSync(requirements, "utf8");
  return readdirSync(folder)
    .filter((name) => name.startsWith("qdrant_edge_py-") && name.includes(platform))
    .map((name) => join(folder, name))
    .find((file) => pinned.includes(createHash("sha256").update(readFileSync(file)).digest("hex")));
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
