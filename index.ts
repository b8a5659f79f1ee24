// Configuration in, stack up, outputs out.
import { existsSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { allConfig } from "@pulumi/pulumi/runtime/config.js";
import { lockFile, lockFolder, noLock } from "./components/apps/lock.ts";
import { checkHostIsReached } from "./components/apps/machine/host.ts";
import { checkPinned } from "./components/apps/pinned.ts";
import { readApps } from "./components/apps/read-apps.ts";
import { filesOfSites } from "./components/apps/site-files.ts";
import { parsePulumiConfig } from "./components/config/parse.ts";
import { policyConfigOf } from "./components/config/policy-config.ts";
import { Stack } from "./components/stack.ts";
import { XnaiError } from "./lib/errors.ts";
import { enforce } from "./policies/adapters/program.ts";

// Node strips types in place, so that positions are right without source maps. Pulumi's mapper of stack traces costs a
// preview half a second: the SDK takes a trace with every property of every resource.
Reflect.deleteProperty(Error, "prepareStackTrace");
// One line of each is enough to find the place of an error.
Error.stackTraceLimit = 1;

const where = `Pulumi.${pulumi.getStack()}.yaml`;

/** The reader of the file is loaded only where there is one: most of a program's time is loading. */
async function lock() {
  const folder = process.env[lockFolder] ?? process.cwd();
  if (!existsSync(join(folder, lockFile(pulumi.getStack())))) return noLock;
  const { readLock } = await import("./components/apps/read-lock.ts");
  return readLock(folder, pulumi.getStack());
}

async function configuration() {
  try {
    const parsed = parsePulumiConfig(allConfig(), pulumi.getProject(), where, await lock(), readApps(process.cwd()));
    checkPinned(parsed, pulumi.getStack());
    filesOfSites(parsed);
    checkHostIsReached(parsed);
    return parsed;
  } catch (error) {
    if (error instanceof XnaiError) throw new pulumi.RunError(`${error.message}\n${error.fix}`);
    throw error;
  }
}

const config = await configuration();
enforce(policyConfigOf(config), `xnai:policy in ${where}`);
const stack = new Stack("stack", config);

export default async () => stack.outputs;
