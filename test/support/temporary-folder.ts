// One temporary folder for a whole run of the tests, which goes with all that they leave in it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Vitest's global set-up, before any worker starts; the workers inherit TMPDIR. Returns the tear-down. */
export default function setup(): () => void {
  // Compiled code is kept from run to run.
  process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), "node-compile-cache");
  const folder = mkdtempSync(join(tmpdir(), "xnai-"));
  process.env.TMPDIR = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
