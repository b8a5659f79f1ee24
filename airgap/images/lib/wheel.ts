// Python packages from PyPI, with pip.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ExecaError, execa } from "execa";
import { failureLines } from "../../../lib/command-failure.ts";
import { exitCode, XnaiError } from "../../../lib/errors.ts";
import type { Wheel } from "../../recipe.ts";
import type { BuildContext } from "./build-context.ts";

const platform = `manylinux_2_28_${process.arch === "x64" ? "x86_64" : "aarch64"}`;
/** Debian's. */
const pythonVersion = "3.11";

/**
 * Fetches a wheel, unless it was fetched before, and unpacks it into the build's work directory.
 * @param folder the recipe's, which `wheel.requirements` is relative to
 * @returns the folder with the files of the wheel's package
 * @throws XnaiError (machine) without pip or network
 */
export async function fetchWheel(context: BuildContext, wheel: Wheel, folder: string): Promise<string> {
  const requirements = join(folder, wheel.requirements);
  const wheels = join(context.cache, "wheels");
  mkdirSync(wheels, { recursive: true });
  if (!pinnedWheel(wheels, wheel, requirements)) {
    context.progress(`fetching ${wheel.distribution} from PyPI`);
    const kind = ["--only-binary", ":all:", "--platform", platform, "--python-version", pythonVersion, "--no-deps"];
    const pip = ["-m", "pip", "download", "--quiet", "--require-hashes", ...kind];
    await python(wheel, [...pip, "--dest", wheels, "-r", requirements]);
  }
  const unpacked = join(context.work, wheel.distribution);
  await python(wheel, ["-m", "zipfile", "-e", pinnedWheel(wheels, wheel, requirements) ?? "", unpacked]);
  return join(unpacked, wheel.package);
}

/** The wheel for this machine whose hash is a pinned one, so that a second build needs no network. */
function pinnedWheel(wheels: string, { distribution }: Wheel, requirements: string): string | undefined {
  const pinned = readFileSync(requirements, "utf8");
  return readdirSync(wheels)
    .filter((name) => name.startsWith(`${distribution}-`) && name.includes(platform))
    .map((name) => join(wheels, name))
    .find((file) => pinned.includes(createHash("sha256").update(readFileSync(file)).digest("hex")));
}

async function python({ distribution }: Wheel, args: string[]): Promise<void> {
  try {
    await execa("python3", args);
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error;
    if (error.code === "ENOENT" || /No module named pip/.test(String(error.stderr))) {
      throw new XnaiError(
        exitCode.machine,
        `Python 3 with pip is needed to fetch ${distribution}, a part of a stand-in's image.`,
        "Install it (apt-get install python3-pip) and run the command again.",
        { cause: error },
      );
    }
    throw new XnaiError(
      exitCode.machine,
      `${distribution} cannot be fetched from PyPI: ${failureLines(error, { marked: /error/i, last: 1 }).join(" ")}`,
      "Check that pip reaches its index on this machine, then run the command again.",
      { cause: error },
    );
  }
}
