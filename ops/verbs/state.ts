// `xnai state restore`: puts back the newest whole copy that Pulumi keeps of a stack's state.
import type { Command } from "commander";
import { exitCode, XnaiError } from "../../lib/errors.ts";
import { say } from "../../lib/progress.ts";
import { saltOf, writeSalt } from "../config-file.ts";
import { askForConsent } from "../consent.ts";
import { commandFor, defaultStack, stateDir } from "../paths.ts";
import { stateFile, usesLocalBackend } from "../pulumi/backend.ts";
import { describe, wholeCopies } from "../pulumi/checkpoints/backups.ts";
import { lastResort } from "../pulumi/checkpoints/check.ts";
import { type Checkpoint, isWhole, readCheckpoint } from "../pulumi/checkpoints/checkpoint.ts";
import { restoreState } from "../pulumi/checkpoints/restore.ts";
import { alone } from "../pulumi/lock.ts";
import { passphraseOpens } from "../pulumi/passphrase.ts";
import { releaseDeadLocks } from "../pulumi/recover.ts";

interface Options {
  stack: string;
  yes?: boolean;
  from?: string;
}

async function restore({ stack, yes, from }: Options): Promise<void> {
  if (!usesLocalBackend())
    throw new XnaiError(
      exitCode.usage,
      `The state of stack ${stack} is in ${process.env.PULUMI_BACKEND_URL}, and this restores what Pulumi keeps in ${stateDir}.`,
      "Unset PULUMI_BACKEND_URL, or restore it by that backend's own means (pulumi stack export --version, then import). Nothing was changed.",
    );
  releaseDeadLocks(stack);
  const copy = from === undefined ? newestCopy(stack) : chosenCopy(stack, from);
  const now = readCheckpoint(stateFile(stack), stack);
  const present = isWhole(now)
    ? `The state there is whole (${describe(now)}) and stays beside it`
    : `The state there ${now}`;
  if (copy.salt !== undefined && !(await passphraseOpens(copy.salt)))
    throw new XnaiError(
      exitCode.machine,
      `The passphrase does not open the copy ${describe(copy)}.`,
      `${lastResort(stack, "Put the passphrase back from your backup, or set PULUMI_CONFIG_PASSPHRASE_FILE to where it is.")} Nothing was changed.`,
    );
  if (!yes) await askForConsent(`Put back the copy ${describe(copy)}? ${present}.`, true);
  const kept = restoreState(stack, copy);
  if (copy.salt !== undefined && saltOf(stack) === undefined) writeSalt(stack, copy.salt);
  say(`restored: ${describe(copy)}`);
  if (kept !== undefined) say(`kept: what was there before, in ${kept}`);
  say(`next: ${commandFor(stack, "up")}, which compares it with what is on the engine`);
}

/** @throws XnaiError (machine) when there is none */
function newestCopy(stack: string): Checkpoint {
  const [copy] = wholeCopies(stack);
  if (copy) return copy;
  throw new XnaiError(
    exitCode.machine,
    `Pulumi keeps no whole copy of the state of stack ${stack} in ${stateDir}.`,
    `${lastResort(stack, `Put ${stateFile(stack)} back from your backup.`)} Nothing was changed.`,
  );
}

/** @throws XnaiError (usage) when the file is not a whole state of this stack */
function chosenCopy(stack: string, file: string): Checkpoint {
  const read = readCheckpoint(file, stack);
  if (isWhole(read)) return read;
  throw new XnaiError(exitCode.usage, `${file} ${read}.`, "Name another file, or none for the newest whole one.");
}

/** Adds the verb to the command. */
export function register(program: Command): void {
  program
    .command("state")
    .description("put back a state that is lost or damaged: state restore")
    .command("restore")
    .description("put back the newest whole copy that Pulumi keeps of the state; what is there stays beside it")
    .option("--stack <name>", "the stack to work on", defaultStack())
    .option("-y, --yes", "do not ask")
    .option("--from <file>", "this copy, instead of the newest")
    .action((options: Options) => alone(options.stack, "state restore", () => restore(options)));
}
