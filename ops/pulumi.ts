// Runs the Pulumi CLI of the toolchain, with the environment that it needs.
import { execa } from "execa";
import { root } from "./context.ts";
import { exitCode } from "./errors.ts";

/** Everything that a run of the CLI needs from its surroundings. */
export interface PulumiEnv {
  /** Path of the CLI. */
  pulumi: string;
  env: Record<string, string>;
}

/** Exit codes of the CLI that mean something to us; everything else is a failure. */
const policyViolation = 5;

/**
 * Runs the CLI in the foreground: its output is the user's, and so is Ctrl-C, which the terminal sends to both.
 * @returns the exit code of `xnai`
 */
export async function runPulumi(args: string[], { pulumi, env }: PulumiEnv): Promise<number> {
  const leaveToPulumi = () => {};
  process.on("SIGINT", leaveToPulumi);
  try {
    const result = await execa(pulumi, args, { cwd: root, env, stdio: "inherit", reject: false });
    if (result.exitCode === 0) return exitCode.done;
    return result.exitCode === policyViolation ? exitCode.policy : exitCode.failed;
  } finally {
    process.off("SIGINT", leaveToPulumi);
  }
}

/** Runs the CLI in the background and hands over what it printed. */
export async function capturePulumi(args: string[], { pulumi, env }: PulumiEnv) {
  const { stdout, stderr, exitCode } = await execa(pulumi, ["--non-interactive", ...args], {
    cwd: root,
    env,
    reject: false,
    stdin: "ignore",
  });
  return { stdout, stderr, exitCode: exitCode ?? 1 };
}
