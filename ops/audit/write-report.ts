// Writes a report where the user wants it.
import { writeFileSync } from "node:fs";
import { exitCode, XnaiError } from "../../lib/errors.ts";

/** @throws XnaiError (failed) when the file cannot be written */
export function writeReport(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new XnaiError(
      exitCode.failed,
      `${file} cannot be written: ${(error as Error).message}`,
      "Name a file in a directory that exists.",
    );
  }
}
