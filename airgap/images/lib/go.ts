/** Programs from Go modules, pinned by the go.mod and go.sum in a recipe's folder. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ExecaError, execa } from "execa";
import { exitCode, XnaiError } from "../../../lib/errors.ts";
import { cacheRoot } from "../../toolchain/cache.ts";
import { findGo } from "../../toolchain/go.ts";
import type { BuildContext } from "../recipe.ts";

/** Go builds run one after the other: each one uses every core, and memory. */
let turn: Promise<unknown> = Promise.resolve();

export interface GoProgram {
  /** The folder with go.mod and go.sum. */
  readonly module: string;
  /** The package to build, such as `github.com/caddyserver/caddy/v2/cmd/caddy`. */
  readonly package: string;
  /** What `-ldflags` gets after `-s -w`. */
  readonly ldflags?: string;
}

/**
 * Builds a static program into the build's work directory; returns its path.
 * @throws XnaiError (3) when there is no Go 1.26 and none can be brought, no network or no room
 */
export function buildGo(context: BuildContext, program: GoProgram): Promise<string> {
  const mine = turn.then(() => buildInTurn(context, program));
  turn = mine.catch(() => {});
  return mine;
}

async function buildInTurn(context: BuildContext, program: GoProgram): Promise<string> {
  const file = join(context.work, "program");
  context.progress(`compiling ${program.package}`);
  const ldflags = `-s -w ${program.ldflags ?? ""}`.trim();
  await go(context, program, "build", "-trimpath", "-buildvcs=false", "-ldflags", ldflags, "-o", file, program.package);
  return file;
}

/** The licence text of the module that a program's package is in; to be shipped with the program. */
export async function goLicence(context: BuildContext, program: GoProgram): Promise<Buffer> {
  return readFile(join(await go(context, program, "list", "-f", "{{.Module.Dir}}", program.package), "LICENSE"));
}

async function go(context: BuildContext, program: GoProgram, ...args: string[]): Promise<string> {
  const command = await findGo(cacheRoot(process.env), process.env, context.progress);
  const env = { CGO_ENABLED: "0", GOFLAGS: "-mod=readonly", GOWORK: "off", GOTOOLCHAIN: "local" };
  try {
    return (await execa(command, args, { cwd: program.module, env })).stdout;
  } catch (error) {
    throw error instanceof ExecaError ? goError(error, program) : error;
  }
}

function goError(error: ExecaError, program: GoProgram): XnaiError {
  const said = String(error.stderr ?? "")
    .trim()
    .split("\n")
    .slice(-3)
    .join(" ");
  return new XnaiError(
    exitCode.machine,
    `${program.package} cannot be built: ${said || error.shortMessage}`,
    "Check that this machine reaches its Go module proxy and has 4 GB of free disk, then run the command again: it goes on where it stopped.",
    { cause: error },
  );
}
