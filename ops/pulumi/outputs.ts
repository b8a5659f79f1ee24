// The outputs of a stack, secrets in clear.
import { exitCode, XnaiError } from "../../lib/errors.ts";
import { capturePulumi } from "./cli.ts";
import { withCopy } from "./copy.ts";

/** Values by the name of the output; what the stack does not have is absent. */
export type StackOutputs = Record<string, unknown>;

/**
 * Asks Pulumi for the outputs of a stack, with the secrets in clear; none for a stack that is not there. Needs no engine.
 * @throws XnaiError (machine) when the state is damaged or cannot be opened, (failed) with what Pulumi says
 */
export async function stackOutputs(stack: string): Promise<StackOutputs> {
  return withCopy(stack, async ({ pulumi, exists }) => {
    if (!exists) return {};
    const args = ["stack", "output", "--stack", stack, "--json", "--show-secrets"];
    const { stdout, stderr, exitCode: code } = await capturePulumi(args, pulumi);
    if (code === 0) return JSON.parse(stdout) as StackOutputs;
    throw new XnaiError(
      exitCode.failed,
      `The outputs of stack ${stack} cannot be read: ${stderr.trim()}`,
      "Correct what Pulumi says, then run the same command again.",
    );
  });
}
