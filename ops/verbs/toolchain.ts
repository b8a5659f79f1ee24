// `xnai toolchain`: installs the Pulumi CLI and its plugins, or says what is there.
import type { Command } from "commander";
import { composeGoVersion, ensureComposeLoader, inspectComposeLoader } from "../../airgap/compose-loader/index.ts";
import { ensureToolchain, inspectToolchain, onlySource } from "../../airgap/toolchain/index.ts";
import { exitCode, XnaiError } from "../../lib/errors.ts";
import { say } from "../../lib/progress.ts";
import { table } from "../../lib/table.ts";

/** Where a part of the toolchain came from, in words. */
const origin = {
  official: "official release",
  built: "built from source",
  path: "was on this machine",
  missing: "MISSING",
} as const;

async function toolchain(check: boolean): Promise<void> {
  if (!check) await ensureToolchain({ onProgress: say });
  if (!check && onlySource(process.env) !== "official") await ensureComposeLoader(say);
  const { folder, complete, components } = inspectToolchain();
  const rows = components.map(({ name, version, source, path }) => [name, version, origin[source], path]);
  const loader = inspectComposeLoader();
  const whenBuilt = loader.complete ? origin.built : "built when a compose file is first read";
  rows.push(["compose-go", composeGoVersion(), whenBuilt, loader.path]);
  rows.push(["node", process.versions.node, "npm", process.execPath]);
  console.log(table(["component", "version", "from", "path"], rows));
  if (!complete)
    throw new XnaiError(exitCode.machine, `The toolchain in ${folder} is not complete.`, "Run: npm run toolchain");
}

/** Adds the verb to the command. */
export function register(program: Command): void {
  program
    .command("toolchain")
    .description("install the Pulumi CLI, its plugins, the language host and the reader of compose files")
    .option("--check", "change nothing: say what is there; exit 3 if it is not complete")
    .action(({ check = false }: { check?: boolean }) => toolchain(check));
}
