// The `xnai` command: one verb, one file. This file only assembles them and prints errors.
import { Command, CommanderError } from "commander";
import { exitCode, XnaiError } from "../lib/errors.ts";

const program = new Command("xnai")
  .description("A private, hardened, zero-telemetry stack on one Linux box")
  .configureHelp({ sortSubcommands: false })
  .showHelpAfterError("Run with --help to see what is possible.")
  .exitOverride();

/** Loaded when asked for, so that a command pays only for itself. */
const verbs: Record<string, () => Promise<{ register(program: Command): void }>> = {
  up: () => import("./verbs/up.ts"),
  preview: () => import("./verbs/preview.ts"),
  destroy: () => import("./verbs/destroy.ts"),
  status: () => import("./verbs/status.ts"),
  credentials: () => import("./verbs/credentials.ts"),
  policy: () => import("./verbs/policy.ts"),
  toolchain: () => import("./verbs/toolchain.ts"),
  env: () => import("./verbs/env.ts"),
  schema: () => import("./verbs/schema.ts"),
};

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.done : exitCode.usage;
  if (error instanceof XnaiError) {
    console.error(`\nerror: ${error.message}\n  ${error.fix.replaceAll("\n", "\n  ")}`);
    return error.code;
  }
  const text = error instanceof Error ? (process.env.XNAI_DEBUG ? error.stack : error.message) : String(error);
  console.error(`\nerror: ${text}\n  This should not happen. Run again with XNAI_DEBUG=1 and report what it prints.`);
  return exitCode.failed;
}

const wanted = process.argv[2];
const load = wanted !== undefined && Object.hasOwn(verbs, wanted) ? [verbs[wanted]] : Object.values(verbs);

try {
  for (const verb of load) (await verb?.())?.register(program);
  for (const command of program.commands) command.exitOverride();
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}
