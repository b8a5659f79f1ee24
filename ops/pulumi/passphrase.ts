// The passphrase that encrypts secrets in local state: generated once, kept in a file that only its owner reads.
import { createDecipheriv, pbkdf2, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { exitCode, XnaiError } from "../../lib/errors.ts";
import { say } from "../../lib/progress.ts";
import { replaceFile } from "../../lib/replace-file.ts";
import { saltOf, writeSalt } from "../config-file.ts";
import { stateDir } from "../paths.ts";
import { stateFile, usesLocalBackend } from "./backend.ts";
import { lastResort } from "./checkpoints/check.ts";
import { isWhole, readCheckpoint } from "./checkpoints/checkpoint.ts";

/** Used unless the user names another one. */
const generatedFile = join(stateDir, "passphrase");

/**
 * Environment for the CLI: nothing if the user has set a passphrase, else the generated file, which is made if nothing has
 * been encrypted yet.
 * @throws XnaiError (machine) when the stack is encrypted and the file is gone or empty, (usage) for a new stack with an empty
 *   passphrase
 */
export function passphraseEnv(stack: string): Record<string, string> {
  const { PULUMI_CONFIG_PASSPHRASE: direct, PULUMI_CONFIG_PASSPHRASE_FILE: file } = process.env;
  const salt = saltOf(stack) ?? stateSalt(stack);
  if (direct === "" && salt === undefined)
    throw new XnaiError(
      exitCode.usage,
      `PULUMI_CONFIG_PASSPHRASE is set and empty: whoever reads the state of stack ${stack} could read its passwords.`,
      "Unset it, and a passphrase is generated; or set one. Nothing was changed.",
    );
  if (direct !== undefined || file) return {};
  const there = readIfThere(generatedFile);
  if (!there?.trim()) {
    if (salt !== undefined)
      throw new XnaiError(
        exitCode.machine,
        `The passphrase of stack ${stack} is missing: ${generatedFile} ${there === undefined ? "does not exist" : "is empty"}, and the stack was encrypted with it.`,
        `${lastResort(stack, "Put the file back from your backup, or set PULUMI_CONFIG_PASSPHRASE_FILE to where it is.")} Nothing was changed.`,
      );
    replaceFile(generatedFile, `${randomBytes(32).toString("base64url")}\n`);
  }
  return { PULUMI_CONFIG_PASSPHRASE_FILE: generatedFile };
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw unreadable(file, error as Error);
  }
}

const unreadable = (file: string, error: Error) =>
  new XnaiError(
    exitCode.machine,
    `The passphrase file ${file} cannot be read: ${error.message}`,
    "Correct PULUMI_CONFIG_PASSPHRASE_FILE or the file's permissions. Nothing was changed.",
  );

/** The salt in the stack's state, where that is in the clone. */
function stateSalt(stack: string): string | undefined {
  const read = usesLocalBackend() ? readCheckpoint(stateFile(stack), stack) : "";
  return isWhole(read) ? read.salt : undefined;
}

/** What the CLI will use, in the CLI's own order, and where it is from. An empty variable is an empty passphrase, as for Pulumi. */
function readPassphrase(): { passphrase: string; from: string } {
  const { PULUMI_CONFIG_PASSPHRASE: direct, PULUMI_CONFIG_PASSPHRASE_FILE: file } = process.env;
  if (direct !== undefined) return { passphrase: direct, from: "PULUMI_CONFIG_PASSPHRASE" };
  const from = file || generatedFile;
  try {
    return { passphrase: readFileSync(from, "utf8").trim(), from };
  } catch (error) {
    throw unreadable(from, error as Error);
  }
}

/**
 * Checks the passphrase before anything is changed: against the salt in the stack's state, else that in its configuration.
 * @throws XnaiError (machine) when it does not open the stack, or its file cannot be read
 */
export async function checkPassphrase(stack: string): Promise<void> {
  const salt = stateSalt(stack) ?? saltOf(stack);
  if (salt === undefined || (await passphraseOpens(salt))) return;
  const { passphrase, from } = readPassphrase();
  const best =
    from === generatedFile
      ? "Use the passphrase that the stack was encrypted with (from your backup)."
      : `Unset ${process.env.PULUMI_CONFIG_PASSPHRASE === undefined ? "PULUMI_CONFIG_PASSPHRASE_FILE" : from} if the generated one in ${generatedFile} is meant, or use the passphrase that the stack was encrypted with.`;
  throw new XnaiError(
    exitCode.machine,
    `The passphrase in ${from}${passphrase === "" ? ", which is empty," : ""} does not open stack ${stack}.`,
    `${lastResort(stack, best)} Nothing was changed.`,
  );
}

/**
 * Gives the configuration the salt of the state, where an older or damaged file has lost it. Pulumi would make a new one, with
 * which it could not read what the configuration has encrypted.
 */
export async function mendSalt(stack: string): Promise<void> {
  const [written, salt] = [saltOf(stack), stateSalt(stack)];
  if (salt === undefined || written === salt || (written !== undefined && (await passphraseOpens(written)))) return;
  writeSalt(stack, salt);
  say(`encryptionsalt of Pulumi.${stack}.yaml is written again, as the state has it`);
}

/**
 * Whether the passphrase belongs to a salt. The salt is `v1:<salt>:v1:<nonce>:<text>`: AES-256-GCM over the word "pulumi", with
 * a key from 1,000,000 rounds of PBKDF2 (pulumi sdk/go/common/resource/config). True for any other kind of encryption.
 */
export async function passphraseOpens(encoded: string): Promise<boolean> {
  if (!encoded.startsWith("v1:")) return true;
  const { passphrase } = readPassphrase();
  const asked = JSON.stringify([encoded, passphrase]);
  const answer = answers.get(asked) ?? opens(encoded, passphrase);
  answers.set(asked, answer);
  return answer;
}

/** A third of a second each, and asked more than once. */
const answers = new Map<string, Promise<boolean>>();

async function opens(encoded: string, passphrase: string): Promise<boolean> {
  const [, salt, , nonce, ciphertext] = encoded.split(":");
  const bytes = (text = "") => Buffer.from(text, "base64");
  const key = await promisify(pbkdf2)(passphrase, bytes(salt), 1_000_000, 32, "sha256");
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, bytes(nonce));
    decipher.setAuthTag(bytes(ciphertext).subarray(-16));
    decipher.update(bytes(ciphertext).subarray(0, -16));
    decipher.final();
    return true;
  } catch {
    return false;
  }
}
