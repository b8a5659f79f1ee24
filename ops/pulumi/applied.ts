// Whether the configuration is the one of the last up that succeeded. A hint only: it decides which way is the faster one.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { StackConfig } from "../../components/config/keys/base.ts";
import { stateDir } from "../paths.ts";

const noteFile = (stack: string) => join(stateDir, `${stack}.applied`);
const fingerprint = (config: StackConfig) => createHash("sha256").update(JSON.stringify(config)).digest("hex");

/** True also for a stack that has never been up. */
export function isConfigEdited(stack: string, config: StackConfig): boolean {
  const note = noteFile(stack);
  return !existsSync(note) || readFileSync(note, "utf8") !== fingerprint(config);
}

/** Notes down that this configuration is what runs. */
export function noteApplied(stack: string, config: StackConfig): void {
  writeFileSync(noteFile(stack), fingerprint(config), { mode: 0o600 });
}
