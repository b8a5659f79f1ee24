// Programs from Go modules, pinned by a go.mod and go.sum.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ExecaError, execa } from "execa";
import { failureLines } from "../../../lib/command-failure.ts";
import { exitCode, XnaiError } from "../../../lib/errors.ts";
import { serialQueue } from "../../../lib/serial.ts";
import type { GoProgram } from "../../recipe.ts";
import { cacheRoot } from "../../toolchain/cache.ts";
import { findGo } from "../../toolchain/go.ts";
import type { BuildContext } from "./build-context.ts";
import { builder } from "./settings.ts";

/** One build after the other: each takes every core, and much memory. */
const queue = serialQueue();

/**
 * Compiles a program into the build's work directory; gives its path.
 * @param folder the recipe's, which `program.module` is relative to
 * @throws XnaiError (machine) when there is no Go that is new enough and none can be fetched, no network or no room
 */
export function buildGo(context: BuildContext, program: GoProgram, folder: string): Promise<string> {
  return queue(async () => {
    const file = join(context.work, "program");
    context.progress(`compiling ${program.package}`);
    const ldflags = `${builder.go.ldflags} ${program.ldflags ?? ""}`.trim();
    const args = ["build", ...builder.go.flags, "-ldflags", ldflags, "-o", file, program.package];
    await go(context, program, folder, args);
    return file;
  });
}

/** The licence text of the module that a program's package is in; to be shipped with the program. */
export async function goLicence(context: BuildContext, program: GoProgram, folder: string): Promise<Buffer> {
  const module = await go(context, program, folder, ["list", "-f", "{{.Module.Dir}}", program.package]);
  return readFile(join(module, "LICENSE"));
}

async function go(context: BuildContext, program: GoProgram, folder: string, args: string[]): Promise<string> {
  const command = await findGo(cacheRoot(process.env), process.env, context.progress);
  const env = { ...builder.go.env, GOWORK: "off", GOTOOLCHAIN: "local" };
  try {
    return (await execa(command, args, { cwd: join(folder, program.module), env })).stdout;
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error;
    throw new XnaiError(
      exitCode.machine,
      `${program.package} cannot be built: ${failureLines(error).join(" ")}`,
      "Check that this machine reaches its Go module proxy and has 4 GB of free disk, then run the command again: it goes on where it stopped.",
      { cause: error },
    );
  }
}
