// Writes a file so that at every moment there is the old one or the new one, whole: also when the power fails or the disk is
// full.
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Gives a file another content, and makes its folder for its owner alone. What was there stays there when it cannot be written.
 * @param mode of a file that is new. @default 0o600
 */
export function replaceFile(file: string, content: string | Buffer, mode = 0o600): void {
  const draft = `${file}.tmp`;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  try {
    const descriptor = openSync(draft, "w", mode);
    try {
      const bytes = Buffer.from(content);
      for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
