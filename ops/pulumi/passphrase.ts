// The passphrase that encrypts secrets in local state: generated once, kept in a file that only its owner reads.
import { createDecipheriv, pbkdf2, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { exitCode, XnaiError } from "../../lib/errors.ts";
import { configDocument } from "../config-file.ts";
import { stateDir } from "../paths.ts";

/** Used unless the user names another one. */
const generatedFile = join(stateDir, "passphrase");

/**
 * Environment for the CLI: nothing if the user has set a passphrase, else the generated file, which is made if it is not
 * there.
 * @throws XnaiError (machine) when the stack is encrypted and the file is gone
 */
export function passphraseEnv(stack: string): Record<string, string> {
  if (process.env.PULUMI_CONFIG_PASSPHRASE !== undefined || process.env.PULUMI_CONFIG_PASSPHRASE_FILE) return {};
  if (!existsSync(generatedFile)) {
    if (saltOf(stack) && existsSync(join(stateDir, ".pulumi")))
      throw new XnaiError(
        exitCode.machine,
        `The passphrase of stack ${stack} is missing: ${generatedFile} does not exist, and Pulumi.${stack}.yaml was encrypted with it.`,
        "Put the file back from your backup, or set PULUMI_CONFIG_PASSPHRASE_FILE to where it is. Nothing was changed.",
      );
    mkdirSync(stateDir, { recursive: true, mode: 0o700 });
    writeFileSync(generatedFile, `${randomBytes(32).toString("base64url")}\n`, { mode: 0o600, flag: "wx" });
  }
  return { PULUMI_CONFIG_PASSPHRASE_FILE: generatedFile };
}

/** The salt that Pulumi wrote into the stack's configuration when it first encrypted something. */
function saltOf(stack: string): string | undefined {
  return configDocument(stack).get("encryptionsalt") as string | undefined;
}

/** What the CLI will use, in the CLI's own order. An empty variable is an empty passphrase, as it is for Pulumi. */
function readPassphrase(): string {
  const { PULUMI_CONFIG_PASSPHRASE: direct, PULUMI_CONFIG_PASSPHRASE_FILE: file } = process.env;
  if (direct !== undefined) return direct;
  const from = file || generatedFile;
  try {
    return readFileSync(from, "utf8").trim();
  } catch (error) {
    throw new XnaiError(
      exitCode.machine,
      `The passphrase file ${from} cannot be read: ${(error as Error).message}`,
      "Correct PULUMI_CONFIG_PASSPHRASE_FILE or the file's permissions. Nothing was changed.",
    );
  }
}

/**
 * Checks the passphrase against the stack's salt before anything is changed. The salt is `v1:<salt>:v1:<nonce>:<text>`:
 * AES-256-GCM over the word "pulumi", with a key from 1,000,000 rounds of PBKDF2 (pulumi sdk/go/common/resource/config).
 * A stack without such a salt is not checked.
 * @throws XnaiError (machine) when it does not open the stack, or its file cannot be read
 */
export async function checkPassphrase(stack: string): Promise<void> {
  const [version, salt, , nonce, ciphertext] = saltOf(stack)?.split(":") ?? [];
  if (version !== "v1" || !salt || !nonce || !ciphertext) return;
  const bytes = (text: string) => Buffer.from(text, "base64");
  const key = await promisify(pbkdf2)(readPassphrase(), bytes(salt), 1_000_000, 32, "sha256");
  const decipher = createDecipheriv("aes-256-gcm", key, bytes(nonce));
  decipher.setAuthTag(bytes(ciphertext).subarray(-16));
  try {
    decipher.update(bytes(ciphertext).subarray(0, -16));
    decipher.final();
  } catch {
    const from =
      process.env.PULUMI_CONFIG_PASSPHRASE === undefined
        ? process.env.PULUMI_CONFIG_PASSPHRASE_FILE || generatedFile
        : "PULUMI_CONFIG_PASSPHRASE";
    throw new XnaiError(
      exitCode.machine,
      `The passphrase in ${from} does not open stack ${stack}.`,
      `Use the passphrase that Pulumi.${stack}.yaml was encrypted with (from your backup). Nothing was changed.`,
    );
  }
}
