// What every command needs before it can run Pulumi: toolchain, backend, passphrase, and the stack itself.
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ensureToolchain } from "../../airgap/toolchain/index.ts";
import { exitCode, XnaiError } from "../../lib/errors.ts";
import { say } from "../../lib/progress.ts";
import { replaceFile } from "../../lib/replace-file.ts";
import { root, stateDir } from "../paths.ts";
import { backendMeta, backendUrl, usesLocalBackend } from "./backend.ts";
import { localCheckpoint } from "./checkpoints/check.ts";
import { capturePulumi, type PulumiCli } from "./cli.ts";
import { mendSalt, passphraseEnv } from "./passphrase.ts";

/**
 * The CLI with the environment in which it works on this clone; `xnai env` prints the same. Brings the toolchain and makes
 * a passphrase if there is none.
 * @throws XnaiError (machine) when the toolchain cannot be brought, or the passphrase is lost
 */
export async function pulumiCli(stack: string): Promise<PulumiCli> {
  const passphrase = passphraseEnv(stack);
  const toolchain = await ensureToolchain({ onProgress: say });
  return { path: toolchain.pulumi, env: { ...toolchain.env, ...backendEnv(), ...passphrase } };
}

/** `file://` with the state directory, unless the user chose a backend. */
function backendEnv(): Record<string, string> {
  if (!usesLocalBackend()) return {};
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  return { PULUMI_BACKEND_URL: backendUrl() };
}

/**
 * Makes the stack in the backend if it is not there.
 * @throws XnaiError (failed) with what Pulumi says
 */
export async function ensureStack(stack: string, cli: PulumiCli): Promise<void> {
  if (usesLocalBackend()) {
    mendMeta();
    await mendSalt(stack);
    if (localCheckpoint(stack) !== undefined) return;
  }
  const command = usesLocalBackend() ? ["stack", "init", stack, "--no-select"] : ["stack", "select", "--create", stack];
  const { stderr, stdout, exitCode: code } = await capturePulumi(command, cli);
  if (code !== 0)
    throw new XnaiError(
      exitCode.failed,
      `Stack ${stack} cannot be created in ${root}: ${(stderr || stdout).trim()}`,
      "Correct what Pulumi says, then run the same command again.",
    );
}

/** Writes `meta.yaml` again if it has lost its content, without which Pulumi reads nothing. */
function mendMeta(): void {
  const file = join(stateDir, ".pulumi", "meta.yaml");
  try {
    if (/^version: *\d+\s*$/.test(readFileSync(file, "utf8"))) return;
  } catch (error) {
    // Pulumi makes one that is not there.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  replaceFile(file, backendMeta);
  say(`${file} was damaged and is written again`);
}
