// Runs the Pulumi CLI of the toolchain, with the environment that it needs.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { type ExitCode, exitCode } from "../../lib/errors.ts";
import { root } from "../context.ts";
import { policyViolated, readEvents } from "./events.ts";

/** Everything that a run of the CLI needs from its surroundings. */
export interface PulumiEnv {
  /** Path of the CLI. */
  pulumi: string;
  env: Record<string, string>;
}

/** How a run in the foreground ended, and the engine's events (policy-events.ts reads them). */
export interface PulumiRun {
  code: ExitCode;
  events: string;
}

/**
 * Runs the CLI in the foreground: its output is the user's, and so is Ctrl-C, which the terminal sends to both. The CLI's own
 * exit code does not tell a rule that the program itself enforces from any other failure; the events do.
 */
export async function runPulumi(args: string[], { pulumi, env }: PulumiEnv): Promise<PulumiRun> {
  const leaveToPulumi = () => {};
  process.on("SIGINT", leaveToPulumi);
  const folder = mkdtempSync(join(tmpdir(), "xnai-events-"));
  const log = join(folder, "events.jsonl");
  try {
    const result = await execa(pulumi, [...args, "--event-log", log], {
      cwd: root,
      // Without it the CLI does not know --event-log.
      env: { ...env, PULUMI_DEBUG_COMMANDS: "true" },
      stdio: "inherit",
      reject: false,
    });
    const events = readLog(log);
    if (result.exitCode === 0) return { code: exitCode.done, events };
    return { code: policyViolated(readEvents(events)) ? exitCode.policy : exitCode.failed, events };
  } finally {
    process.off("SIGINT", leaveToPulumi);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Empty when Pulumi ended before it wrote anything. */
function readLog(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
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
