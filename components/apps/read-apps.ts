// Reads apps.ts, the apps that a user writes in TypeScript instead of YAML.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { exitCode, XnaiError } from "../../lib/errors.ts";
import { type AppArgs, declaredApps } from "./app.ts";

/** Name of the file, beside the configuration; it counts for every stack. */
export const appsFile = "apps.ts";

/** The apps that the file in this folder makes; none without one. @throws XnaiError (usage) when it cannot be run */
export function readApps(folder: string): Record<string, AppArgs> {
  const file = join(folder, appsFile);
  if (!existsSync(file)) return {};
  try {
    createRequire(file)(file);
  } catch (error) {
    throw new XnaiError(
      exitCode.usage,
      `${appsFile} cannot be used: ${(error as Error).message}`,
      "Nothing was changed. Correct the file; npx tsc --noEmit tells more about it.",
      { cause: error },
    );
  }
  return declaredApps();
}
