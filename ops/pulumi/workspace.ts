// What every command needs before it can run Pulumi: toolchain, backend, passphrase, and the stack itself.
import { existsSync, mkdirSync } from "node:fs";
import { ensureToolchain } from "../../airgap/toolchain/index.ts";
import { exitCode, XnaiError } from "../../lib/errors.ts";
import { say } from "../../lib/progress.ts";
import { root, stateDir } from "../paths.ts";
import { capturePulumi, type PulumiCli } from "./cli.ts";
import { checkPassphrase, passphraseEnv } from "./passphrase.ts";
import { backendUrl, stateFile, usesLocalBackend } from "./state.ts";

/**
 * The CLI with the environment in which it works on this clone; `xnai env` prints the same. Brings the toolchain and makes
 * a passphrase if there is none.
 * @throws XnaiError (machine) when the toolchain cannot be brought, or the passphrase is lost
 */
export async function pulumiCli(stack: string): Promise<PulumiCli> {
  const toolchain = await ensureToolchain({ onProgress: say });
  return { path: toolchain.pulumi, env: { ...toolchain.env, ...backendEnv(), ...passphraseEnv(stack) } };
}

/** `file://` with the state directory, unless the user chose a backend. */
function backendEnv(): Record<string, string> {
  if (!usesLocalBackend()) return {};
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  return { PULUMI_BACKEND_URL: backendUrl() };
}

/**
 * Makes the stack in the backend if it is not there, once the passphrase has been checked.
 * @throws XnaiError (machine) for a wrong passphrase, (failed) with what Pulumi says
 */
export async function ensureStack(stack: string, cli: PulumiCli): Promise<void> {
  await checkPassphrase(stack);
  if (usesLocalBackend() && existsSync(stateFile(stack))) return;
  const command = usesLocalBackend() ? ["stack", "init", stack, "--no-select"] : ["stack", "select", "--create", stack];
  const { stderr, stdout, exitCode: code } = await capturePulumi(command, cli);
  if (code !== 0)
    throw new XnaiError(
      exitCode.failed,
      `Stack ${stack} cannot be created in ${root}: ${(stderr || stdout).trim()}`,
      "Correct what Pulumi says, then run the same command again.",
    );
}
