// `xnai env`: the exports that a bare `pulumi` needs to work on this clone.
import type { Command } from "commander";
import { say } from "../../lib/progress.ts";
import { stackConfig } from "../config-file.ts";
import { findEngine } from "../engine/connection/find.ts";
import { homeOf } from "../engine/connection/home.ts";
import { namedMachine } from "../engine/remote/from-here.ts";
import { defaultStack } from "../paths.ts";
import { usesLocalBackend } from "../pulumi/backend.ts";
import { localCheckpoint } from "../pulumi/checkpoints/check.ts";
import { withEngine } from "../pulumi/cli.ts";
import { localState } from "../pulumi/state.ts";
import { ensureStack, pulumiCli } from "../pulumi/workspace.ts";

const quoted = (value: string) => `'${value.replaceAll("'", `'\\''`)}'`;

async function printEnv(stack: string): Promise<void> {
  // Whatever a bare pulumi wrote would lie over the one backup.
  if (usesLocalBackend()) localCheckpoint(stack);
  const cli = await pulumiCli(stack);
  // pulumi config set wants one, also before the first up.
  if (usesLocalBackend()) await ensureStack(stack, cli);
  const machine = namedMachine();
  // A tunnel of this command's own would end with it.
  if (machine)
    say(`no engine in these exports: a bare pulumi needs a tunnel to ${machine.destination}, and says which`);
  const engine = machine ? undefined : await engineOf(stack).catch(() => undefined);
  for (const [name, value] of Object.entries({ ...withEngine(cli, engine).env, PULUMI_STACK: stack }))
    console.log(`export ${name}=${quoted(value)}`);
}

const engineOf = async (stack: string) => findEngine({ home: homeOf(stackConfig(stack), localState(stack)) });

/** Adds the verb to the command. */
export function register(program: Command): void {
  program
    .command("env")
    .description('print what a bare pulumi needs: eval "$(npx xnai env)"')
    .option("--stack <name>", "the stack that pulumi works on, unless told otherwise", defaultStack())
    .action(({ stack }: { stack: string }) => printEnv(stack));
}
