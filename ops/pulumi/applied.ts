// What the last up that succeeded was made from. When all of that is the same, its outcome is the same too: the program and the
// rules see nothing else, and there is nothing to ask Pulumi. (What happened on the engine meanwhile Pulumi only sees with
// --refresh.)
import { createHash, type Hash } from "node:crypto";
import { existsSync, globSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { filesOfSites } from "../../components/apps/site-files.ts";
import type { StackConfig } from "../../components/config/keys/base.ts";
import { root, stateDir } from "../paths.ts";
import { stateFile, usesLocalBackend } from "./backend.ts";

/** What decides what the program registers and what the rules say of it, besides configuration and state. */
const code = ["{index,apps}.ts", "Pulumi.yaml", "package-lock.json", "{components,policies,lib,airgap,ops}/**/*"];

/** Of the environment: which engine and which state, and what a user may have told Pulumi. */
const environment = /^(DOCKER_|PULUMI_)/;

/** Hashes of what an up is made from: taken before it, because somebody may edit a file meanwhile. */
export interface Inputs {
  config: string;
  /** The code, the environment and the day. */
  rest: string;
}

interface Note extends Inputs {
  state: string;
}

const noteFile = (stack: string) => join(stateDir, `${stack}.applied`);
const hashOf = (content: string | Buffer) => createHash("sha256").update(content).digest("hex");
const stateHash = (stack: string) => hashOf(readFileSync(stateFile(stack)));

/** What an up of this configuration would be made from now. */
export function inputsOf(config: StackConfig): Inputs {
  // Exemptions from rules end on a day.
  const hash = createHash("sha256").update(new Date().toDateString());
  for (const [name, value] of Object.entries(process.env).toSorted())
    if (environment.test(name)) hash.update(`${name}=${value}\n`);
  addCode(hash);
  addSites(hash, config);
  return { config: hashOf(JSON.stringify(config)), rest: hash.digest("hex") };
}

function addCode(hash: Hash): void {
  for (const file of globSync(code, { cwd: root }).toSorted()) {
    const { size, mtimeMs } = statSync(join(root, file));
    hash.update(`${file} ${size} ${mtimeMs}\n`);
  }
}

function addSites(hash: Hash, config: StackConfig): void {
  for (const [site, files] of Object.entries(filesOfSites(config, root)))
    for (const { name, size, mtimeMs } of files) hash.update(`${site} ${name} ${size} ${mtimeMs}\n`);
}

function note(stack: string): Note | undefined {
  try {
    return JSON.parse(readFileSync(noteFile(stack), "utf8")) as Note;
  } catch {
    return undefined;
  }
}

/** Whether nothing that an up depends on has changed since the last one. */
export function isApplied(stack: string, inputs: Inputs): boolean {
  if (!usesLocalBackend() || !existsSync(stateFile(stack))) return false;
  return isDeepStrictEqual(note(stack), { ...inputs, state: stateHash(stack) });
}

/** Whether the configuration is another one; true also for a stack that has never been up. */
export function isConfigEdited(stack: string, { config }: Inputs): boolean {
  return note(stack)?.config !== config;
}

/** Notes down what has just been applied. */
export function noteApplied(stack: string, inputs: Inputs): void {
  if (!usesLocalBackend()) return;
  const made: Note = { ...inputs, state: stateHash(stack) };
  writeFileSync(noteFile(stack), JSON.stringify(made), { mode: 0o600 });
}
