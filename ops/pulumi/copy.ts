// Pulumi on a copy of a stack's state and configuration, in a folder that is removed afterwards: what only looks at a stack can
// then not change it, whatever Pulumi writes, and is in nobody's way.
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Document } from "yaml";
import { ensureToolchain } from "../../airgap/toolchain/index.ts";
import { say } from "../../lib/progress.ts";
import { configDocument } from "../config-file.ts";
import { project } from "../paths.ts";
import { backendMeta, usesLocalBackend } from "./backend.ts";
import { checkConfigIsThere, localCheckpoint } from "./checkpoints/check.ts";
import type { Deployment } from "./checkpoints/checkpoint.ts";
import type { PulumiCli } from "./cli.ts";
import { checkPassphrase, passphraseEnv } from "./passphrase.ts";
import { exportState } from "./state.ts";

/** A stack as Pulumi finds it in the copy. */
export interface StackCopy {
  /** For whatever else is written meanwhile. */
  folder: string;
  pulumi: PulumiCli;
  /** Which configuration Pulumi reads: a flag of `pulumi preview`. */
  flags: string[];
  /** Whether the stack is there at all, with anything in it. */
  exists: boolean;
}

/**
 * Does some work on a copy of a stack. A stack that is not there yet is an empty one, with a passphrase for this once.
 * @param values of the configuration that are others in the copy, by their key (`xnai:engine`). @default none
 * @throws XnaiError when the state is damaged, or cannot be opened; what `work` throws
 */
export async function withCopy<T>(
  stack: string,
  work: (copy: StackCopy) => Promise<T>,
  values: Readonly<Record<string, unknown>> = {},
): Promise<T> {
  const { pulumi: path, env } = await ensureToolchain({ onProgress: say });
  const state = await stateOf(stack, { path, env });
  const exists = (state?.resources ?? []).length > 0;
  const passphrase = exists
    ? await openedPassphrase(stack)
    : { PULUMI_CONFIG_PASSPHRASE: randomBytes(24).toString("base64url"), PULUMI_CONFIG_PASSPHRASE_FILE: "" };
  const folder = mkdtempSync(join(tmpdir(), "xnai-copy-"));
  try {
    const config = join(folder, `Pulumi.${stack}.yaml`);
    const document = exists ? configDocument(stack) : withoutSecrets(stack);
    for (const [key, value] of Object.entries(values)) document.setIn(["config", key], value);
    writeFileSync(config, document.toString(), { mode: 0o600 });
    writeBackend(folder, stack, state);
    const copied = { ...env, ...passphrase, PULUMI_BACKEND_URL: `file://${folder}` };
    return await work({ folder, pulumi: { path, env: copied }, flags: ["--config-file", config], exists });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function stateOf(stack: string, cli: PulumiCli): Promise<Deployment | undefined> {
  const state = usesLocalBackend() ? localCheckpoint(stack)?.deployment : await exportState(stack, cli);
  checkConfigIsThere(stack, state?.resources?.length ?? 0);
  return state;
}

async function openedPassphrase(stack: string): Promise<Record<string, string>> {
  const env = passphraseEnv(stack);
  await checkPassphrase(stack);
  return env;
}

/** The files of a local backend with one stack (docs/recovery.md has the layout). */
function writeBackend(folder: string, stack: string, state: Deployment | undefined): void {
  const file = join(folder, ".pulumi", "stacks", project, `${stack}.json`);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const latest = state ?? { manifest: { time: new Date().toISOString(), magic: "", version: "" } };
  const checkpoint = { version: 3, checkpoint: { stack: `organization/${project}/${stack}`, latest } };
  writeFileSync(file, JSON.stringify(checkpoint), { mode: 0o600 });
  writeFileSync(join(folder, ".pulumi", "meta.yaml"), backendMeta);
}

/** The stack's configuration with a placeholder for every encrypted value: a preview does not need them. */
export function withoutSecrets(stack: string): Document {
  const document = configDocument(stack);
  const config = document.toJS() as Record<string, unknown> | null;
  for (const key of ["encryptionsalt", "encryptedkey", "secretsprovider"]) document.delete(key);
  document.set("config", document.createNode(cleared(config?.config ?? {})));
  return document;
}

function cleared(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(cleared);
  if (typeof value !== "object" || value === null) return value;
  if ("secure" in value) return "placeholder-of-an-encrypted-value";
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, cleared(each)]));
}
