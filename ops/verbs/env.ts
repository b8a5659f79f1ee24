// `xnai env`: the exports that a bare `pulumi` needs to work on this clone.
import type { Command } from "commander";
import { defaultStack } from "../context.ts";
import { findEngine } from "../engine/find.ts";
import { pulumiEnv } from "../pulumi/workspace.ts";

const quoted = (value: string) => `'${value.replaceAll("'", `'\\''`)}'`;

export function register(program: Command): void {
  program
    .command("env")
    .description('print what a bare pulumi needs: eval "$(npx xnai env)"')
    .option("--stack <name>", "the stack whose passphrase to use", defaultStack())
    .action(async ({ stack }: { stack: string }) => {
      const { env } = await pulumiEnv(stack);
      const engine = await findEngine(process.env).catch(() => undefined);
      const all = { ...env, ...(engine && { DOCKER_HOST: engine.host }) };
      for (const [name, value] of Object.entries(all)) console.log(`export ${name}=${quoted(value)}`);
    });
}
