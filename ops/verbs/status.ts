// `xnai status`: what runs where, and whether all is well.
import type { Command } from "commander";
import { exitCode } from "../../lib/errors.ts";
import { say } from "../../lib/progress.ts";
import { stackConfig } from "../config-file.ts";
import { findEngine } from "../engine/connection/find.ts";
import { homeOf } from "../engine/connection/home.ts";
import { knownDifferences } from "../engine/drift/index.ts";
import { reachedFromHere } from "../engine/remote/from-here.ts";
import { stackStatus, statusTable } from "../engine/status/index.ts";
import { unusedData, unusedInWords } from "../engine/unused-data.ts";
import { defaultStack } from "../paths.ts";
import { localState } from "../pulumi/state.ts";

async function status(stack: string, json: boolean): Promise<number> {
  const config = stackConfig(stack);
  const state = localState(stack);
  const { docker, ssh } = await findEngine({ home: homeOf(config, state) });
  // Side by side. When the engine goes away meanwhile, it is the services' status that says so.
  const others = Promise.all([knownDifferences(docker, config, state), unusedData(docker, config)]);
  others.catch(() => {});
  const services = await stackStatus(docker, config, state);
  const [differences, unused] = await others;
  console.log(json ? JSON.stringify(services, null, 2) : statusTable(services));
  const hint = reachedFromHere(ssh, config);
  if (hint !== undefined) say(hint);
  if (differences.length > 0) {
    console.error("\nnot as the last up left it, which npm run up puts right or asks about:");
    for (const line of differences) say(line);
  }
  for (const line of unusedInWords(unused)) say(line);
  return services.every(({ ok }) => ok) && differences.length === 0 ? exitCode.done : exitCode.failed;
}

/** Adds the verb to the command. */
export function register(program: Command): void {
  program
    .command("status")
    .description(
      "show what runs where; exit 0 only if every service that is on is healthy and the engine is as up left it",
    )
    .option("--stack <name>", "the stack to look at", defaultStack())
    .option("--json", "as JSON")
    .action(async ({ stack, json = false }: { stack: string; json?: boolean }) => {
      process.exitCode = await status(stack, json);
    });
}
