// `xnai toolchain`: brings the Pulumi CLI and its plugins, or says what is there.
import type { Command } from "commander";
import { ensureToolchain, inspectToolchain } from "../../airgap/toolchain/index.ts";
import { exitCode, XnaiError } from "../../lib/errors.ts";
import { say } from "../../lib/progress.ts";
import { table } from "../../lib/table.ts";

const origin = {
  official: "official release",
  built: "built from source",
  path: "was on this machine",
  missing: "MISSING",
} as const;

export function register(program: Command): void {
  program
    .command("toolchain")
    .description("bring the Pulumi CLI, its plugins and the language host")
    .option("--check", "change nothing: say what is there; exit 3 if it is not complete")
    .action(async ({ check = false }: { check?: boolean }) => {
      if (!check) await ensureToolchain({ onProgress: say });
      const { folder, complete, components } = inspectToolchain();
      const rows = components.map((one) => [one.name, one.version, origin[one.source], one.path]);
      const node = process.versions.node;
      console.log(table(["component", "version", "from", "path"], [...rows, ["node", node, "npm", process.execPath]]));
      if (!complete) {
        throw new XnaiError(exitCode.machine, `The toolchain in ${folder} is not complete.`, "Run: npm run toolchain");
      }
    });
}
