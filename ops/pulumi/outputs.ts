// The outputs of a stack, secrets in clear.
import { exitCode, XnaiError } from "../../lib/errors.ts";
import { capturePulumi } from "./cli.ts";
import { ensureStack, pulumiCli } from "./workspace.ts";

/** Values by the name of the output; what the stack does not have is absent. */
export type StackOutputs = Record<string, unknown>;

/**
 * Asks Pulumi for the outputs of a stack, with the secrets in clear. Needs no engine.
 * @throws XnaiError (failed) with what Pulumi says
 */
export async function stackOutputs(stack: string): Promise<StackOutputs> {
  const cli = await pulumiCli(stack);
  await ensureStack(stack, cli);
  const args = ["stack", "output", "--stack", stack, "--json", "--show-secrets"];
  const { stdout, stderr, exitCode: code } = await capturePulumi(args, cli);
  if (code !== 0)
    throw new XnaiError(
      exitCode.failed,
      `The outputs of stack ${stack} cannot be read: ${stderr.trim()}`,
      "Correct what Pulumi says, then run the same command again.",
    );
  return JSON.parse(stdout) as StackOutputs;
}
