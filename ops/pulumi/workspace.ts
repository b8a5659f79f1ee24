// Everything that a command needs before it can run Pulumi: toolchain, passphrase, backend, the stack itself.
import { existsSync, mkdirSync } from "node:fs";
import { ensureToolchain } from "../../airgap/toolchain/index.ts";
import { exitCode, XnaiError } from "../../lib/errors.ts";
import { say } from "../../lib/progress.ts";
import { root, stateDir } from "../context.ts";
import { capturePulumi, type PulumiEnv } from "./cli.ts";
import { checkPassphrase, passphraseEnv } from "./passphrase.ts";
import { localBackend, stateFile } from "./state.ts";

/** `file://` with the state directory, unless the user chose a backend. */
function backendEnv(): Record<string, string> {
  if (!localBackend()) return {};
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  return { PULUMI_BACKEND_URL: `file://${stateDir}` };
}

/** The environment in which the CLI works on this clone; `xnai env` prints the same. */
export async function pulumiEnv(stack: string): Promise<PulumiEnv> {
  const toolchain = await ensureToolchain({ onProgress: say });
  return { pulumi: toolchain.pulumi, env: { ...toolchain.env, ...backendEnv(), ...passphraseEnv(stack) } };
}

/** Makes the stack if there is none. */
export async function ensureStack(stack: string, env: PulumiEnv): Promise<void> {
  if (localBackend() && existsSync(stateFile(stack))) return checkPassphrase(stack);
  await checkPassphrase(stack);
  const command = localBackend() ? ["stack", "init", stack, "--no-select"] : ["stack", "select", "--create", stack];
  const { stderr, stdout, exitCode: code } = await capturePulumi(command, env);
  if (code !== 0)
    throw new XnaiError(
      exitCode.failed,
      `Stack ${stack} cannot be created in ${root}: ${(stderr || stdout).trim()}`,
      "Correct what Pulumi says, then run the same command again.",
    );
}
