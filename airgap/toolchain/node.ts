// Node 24, which runs the program and the policy pack: the npm package `node` of this checkout, whatever is on PATH.
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { exitCode, XnaiError } from "../../lib/errors.ts";

const packaged = fileURLToPath(new URL("../../node_modules/node/bin/node", import.meta.url));
/** The first that runs TypeScript without a flag or a warning. */
const requiredMajor = 24;

/**
 * The folder of a Node that runs TypeScript as it is.
 * @throws XnaiError (machine) if neither the checkout nor the running process has one
 */
export function nodeFolder(): string {
  if (existsSync(packaged)) return dirname(packaged);
  if (Number(process.versions.node.split(".")[0]) >= requiredMajor) return dirname(process.execPath);
  throw new XnaiError(
    exitCode.machine,
    `Node ${requiredMajor} is not installed: ${packaged} is missing, and this is Node ${process.versions.node}.`,
    "Run: npm ci\nIf it is still missing, npm was told not to run install scripts: npm rebuild node --ignore-scripts=false",
  );
}
