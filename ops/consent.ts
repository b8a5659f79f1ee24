// Asks the user before something happens that cannot be taken back.
import { confirm } from "@inquirer/prompts";
import { exitCode, XnaiError } from "../lib/errors.ts";

/** @throws XnaiError (failed) when the answer is no */
export async function checkConfirmed(message: string, byDefault = false): Promise<void> {
  if (!(await confirm({ message, default: byDefault })))
    throw new XnaiError(exitCode.failed, "Not confirmed.", "Nothing was changed.");
}

/** @throws XnaiError (usage) when there is nobody to ask, (failed) when the answer is no */
export async function askForConsent(message: string, byDefault = false): Promise<void> {
  if (!process.stdin.isTTY)
    throw new XnaiError(
      exitCode.usage,
      `${message} Standard input is not a terminal, so that nobody can answer.`,
      "Run again with --yes if you mean it. Nothing was changed.",
    );
  await checkConfirmed(message, byDefault);
}
