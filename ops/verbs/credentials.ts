// `xnai credentials`: user names, passwords and tokens, to a terminal and nowhere else unless it is asked for.
import type { Command } from "commander";
import { credentialRows } from "../../components/outputs.ts";
import { exitCode, XnaiError } from "../../lib/errors.ts";
import { say } from "../../lib/progress.ts";
import { table } from "../../lib/table.ts";
import { notApplying } from "../applying.ts";
import { stackConfig } from "../config-file.ts";
import { credentialLines, credentialTable } from "../credentials.ts";
import { namedMachine, reachedFromHere } from "../engine/remote/from-here.ts";
import { defaultStack } from "../paths.ts";
import { stackOutputs } from "../pulumi/outputs.ts";

async function printCredentials(stack: string, plain: boolean): Promise<void> {
  if (!plain) requireTerminal();
  const all = await stackOutputs(stack);
  const reasons = await notApplying(stack, all);
  for (const [name, reason] of Object.entries(reasons)) say(`${name} ${reason}`);
  const config = stackConfig(stack);
  const hint = reachedFromHere(namedMachine(), config);
  if (hint !== undefined) say(hint);
  const outputs = Object.fromEntries(Object.entries(all).filter(([name]) => !Object.hasOwn(reasons, name)));
  const rows = credentialRows(config);
  const shown = credentialTable(rows, outputs);
  if (shown.length === 0)
    throw new XnaiError(exitCode.failed, `Stack ${stack} has no credentials yet.`, "Run npm run up first.");
  console.log(plain ? credentialLines(rows, outputs) : table(["service", "what", "value"], shown));
}

/** @throws XnaiError (usage) where the credentials would end in a file, a pipe or a log that nobody thought of */
function requireTerminal(): void {
  if (process.stdout.isTTY) return;
  throw new XnaiError(
    exitCode.usage,
    "Credentials are shown on a terminal only, and this output goes somewhere else.",
    "To hand them to another program on purpose: npx xnai credentials --plain",
  );
}

/** Adds the verb to the command. */
export function register(program: Command): void {
  program
    .command("credentials")
    .description("show user names, passwords and tokens; on a terminal only")
    .option("--stack <name>", "the stack to look at", defaultStack())
    .option("--plain", "as NAME=VALUE lines, also to a pipe or a file")
    .action(({ stack, plain = false }: { stack: string; plain?: boolean }) => printCredentials(stack, plain));
}
