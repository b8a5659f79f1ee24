// Runs the Pulumi CLI of the toolchain.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { machineVariable, type SshHost } from "../../lib/engine/ssh-host.ts";
import { type ExitCode, exitCode } from "../../lib/errors.ts";
import { root } from "../paths.ts";
import { policyViolated, readEvents } from "./events.ts";

/** The CLI, and what it needs in its environment besides what it inherits. */
export interface PulumiCli {
  /** Path of the program. */
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
}

/** How the program and its provider reach an engine. */
interface Reached {
  host: string;
  /** Folder of the certificates, over TLS. */
  certPath?: string;
  /** The machine to which a tunnel leads. */
  ssh?: SshHost;
}

/** The same CLI with an engine's address in its environment; without an engine as it is. */
export function withEngine(cli: PulumiCli, engine: Reached | undefined): PulumiCli {
  if (!engine) return cli;
  const { host, ssh, certPath } = engine;
  const tls = certPath && { DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: certPath };
  const elsewhere = ssh && { [machineVariable]: ssh.destination };
  return { ...cli, env: { ...cli.env, DOCKER_HOST: host, ...tls, ...elsewhere } };
}

/** How a run in the foreground ended. */
export interface PulumiRun {
  code: ExitCode;
  /** The log of the engine's events (events.ts reads it); empty when Pulumi ended before it wrote anything. */
  eventLog: string;
}

/**
 * Runs the CLI in the foreground: its output is the user's, and so is Ctrl-C, which the terminal sends to both. Whether a
 * policy stopped it is in the events: the CLI's own exit code is the same for a rule that the program itself enforces and
 * for any other failure.
 */
export async function runPulumi(args: string[], { path, env }: PulumiCli): Promise<PulumiRun> {
  const leaveToPulumi = () => {};
  process.on("SIGINT", leaveToPulumi);
  const folder = mkdtempSync(join(tmpdir(), "xnai-events-"));
  const log = join(folder, "events.jsonl");
  try {
    const result = await execa(path, [...args, "--event-log", log], {
      cwd: root,
      // Without it the CLI does not know --event-log.
      env: { ...env, PULUMI_DEBUG_COMMANDS: "true" },
      stdio: "inherit",
      reject: false,
    });
    const eventLog = readIfThere(log);
    if (result.exitCode === 0) return { code: exitCode.done, eventLog };
    return { code: policyViolated(readEvents(eventLog)) ? exitCode.policy : exitCode.failed, eventLog };
  } finally {
    process.off("SIGINT", leaveToPulumi);
    rmSync(folder, { recursive: true, force: true });
  }
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** What a run in the background printed, and how it ended. */
export interface PulumiOutput {
  stdout: string;
  stderr: string;
  /** The CLI's own; 1 when a signal ended it. */
  exitCode: number;
}

/** Runs the CLI in the background, where it cannot ask anything. Never throws for a run that failed. */
export async function capturePulumi(args: string[], { path, env }: PulumiCli): Promise<PulumiOutput> {
  const { stdout, stderr, exitCode } = await execa(path, ["--non-interactive", ...args], {
    cwd: root,
    env,
    reject: false,
    stdin: "ignore",
  });
  return { stdout, stderr, exitCode: exitCode ?? 1 };
}
