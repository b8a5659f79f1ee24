// `xnai preview`: what `up` would change. Needs no engine for a stack that does not exist yet.
import type { Command } from "commander";
import { defaultStack, stackConfig } from "./context.ts";
import { findEngine } from "./engine.ts";
import { policyArgs } from "./policy-args.ts";
import { runPulumi } from "./pulumi.ts";
import { releaseDeadLocks } from "./recover.ts";
import { ensureStack, pulumiEnv } from "./workspace.ts";

export function register(program: Command): void {
  program
    .command("preview")
    .description("show what up would change, and whether the policies allow it")
    .argument("[pulumi...]", "flags for pulumi preview, such as --diff, --refresh, --expect-no-changes")
    .option("--stack <name>", "the stack to work on", defaultStack())
    .allowUnknownOption()
    .action(async (passedOn: string[], { stack }: { stack: string }) => {
      const config = stackConfig(stack);
      releaseDeadLocks(stack);
      const env = await pulumiEnv(stack);
      const engine = await findEngine(process.env).catch(() => undefined);
      if (engine) env.env.DOCKER_HOST = engine.host;
      await ensureStack(stack, env);
      process.exitCode = await runPulumi(["preview", "--stack", stack, ...policyArgs(stack, config), ...passedOn], env);
    });
}
