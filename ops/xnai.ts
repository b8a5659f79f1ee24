// The `xnai` command: puts the verbs together (one file each in verbs/), and prints errors.
import { enableCompileCache } from "node:module";
import { Command, CommanderError } from "commander";
import { cacheFolder } from "../airgap/cache-folder.ts";
import { engineWords, refusalIn } from "../lib/engine/refusals.ts";
import { exitCode, inWords, XnaiError } from "../lib/errors.ts";
import "../lib/lazy-engine-client.ts";

// Node keeps what it has compiled: that is nearly half of the processor time of a short command. Before a verb is loaded.
enableCompileCache(cacheFolder(process.env, "node"));

const program = new Command("xnai")
  .description("A private, hardened, zero-telemetry stack on one Linux box")
  .configureHelp({ sortSubcommands: false })
  .showHelpAfterError("Run with --help to see what is possible.")
  .exitOverride();

/** Each is loaded when it is asked for, so that a command does not wait for what the others import. */
const verbs: Record<string, () => Promise<{ register(program: Command): void }>> = {
  up: () => import("./verbs/up.ts"),
  preview: () => import("./verbs/preview.ts"),
  review: () => import("./verbs/review.ts"),
  destroy: () => import("./verbs/destroy.ts"),
  status: () => import("./verbs/status.ts"),
  credentials: () => import("./verbs/credentials.ts"),
  smoke: () => import("./verbs/smoke.ts"),
  import: () => import("./verbs/import.ts"),
  policy: () => import("./verbs/policy.ts"),
  toolchain: () => import("./verbs/toolchain.ts"),
  state: () => import("./verbs/state.ts"),
  env: () => import("./verbs/env.ts"),
  schema: () => import("./verbs/schema.ts"),
};

/** What the machine says no to, in words; undefined for any other error. */
function refusalOf({ code, message, path }: NodeJS.ErrnoException): string | undefined {
  const refusals: Record<string, string> = {
    ENOSPC: "The disk is full",
    EDQUOT: "The disk quota is used up",
    EROFS: "The file system is mounted read-only",
    EACCES: "Permission is denied",
    EPERM: "Permission is denied",
  };
  const refusal = Object.hasOwn(refusals, code ?? "") ? refusals[code ?? ""] : undefined;
  return refusal && `${refusal}: ${path ?? message}`;
}

/** Prints an error and says with which code the process ends. Commander has printed its own. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.done : exitCode.usage;
  if (error instanceof XnaiError) {
    console.error(inWords(error));
    return error.code;
  }
  // An engine's answer that no verb expected, which the table of refusals knows.
  const refusal = error instanceof Error && "statusCode" in error ? refusalIn(error.message) : undefined;
  if (refusal) {
    console.error(`\nerror: ${refusal.what} (${engineWords((error as Error).message)})\n  ${refusal.fix}`);
    return exitCode.machine;
  }
  const refused = error instanceof Error ? refusalOf(error) : undefined;
  if (refused !== undefined) {
    console.error(`\nerror: ${refused}\n  Mend that, then run the same command again.`);
    return exitCode.machine;
  }
  const text = error instanceof Error ? (process.env.XNAI_DEBUG ? error.stack : error.message) : String(error);
  console.error(`\nerror: ${text}\n  This should not happen. Run again with XNAI_DEBUG=1 and report what it prints.`);
  return exitCode.failed;
}

// Without a known verb all of them are loaded: for --help, and to suggest a similar one.
const verb = process.argv[2];
const loaders = verb !== undefined && Object.hasOwn(verbs, verb) ? [verbs[verb]] : Object.values(verbs);

try {
  for (const load of loaders) (await load?.())?.register(program);
  for (const command of program.commands) command.exitOverride();
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}
