// `xnai status`: what runs where, and whether all is well.
import type { Command } from "commander";
import { exitCode } from "../../lib/errors.ts";
import { stackConfig } from "../config-file.ts";
import { findEngine } from "../engine/find.ts";
import { stackStatus, statusTable } from "../engine/status.ts";
import { defaultStack } from "../paths.ts";

async function status(stack: string, json: boolean): Promise<number> {
  const { docker } = await findEngine();
  const services = await stackStatus(docker, stackConfig(stack));
  console.log(json ? JSON.stringify(services, null, 2) : statusTable(services));
  return services.every(({ ok }) => ok) ? exitCode.done : exitCode.failed;
}

/** Adds the verb to the command. */
export function register(program: Command): void {
  program
    .command("status")
    .description("show what runs where; exit 0 only if every service that is on is healthy")
    .option("--stack <name>", "the stack to look at", defaultStack())
    .option("--json", "as JSON")
    .action(async ({ stack, json = false }: { stack: string; json?: boolean }) => {
      process.exitCode = await status(stack, json);
    });
}
