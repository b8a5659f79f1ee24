// Configuration in, stack up, outputs out.
import * as pulumi from "@pulumi/pulumi";
import { allConfig } from "@pulumi/pulumi/runtime/config.js";
import { ConfigError, parsePulumiConfig } from "./components/config/parse.ts";
import { policyConfigOf } from "./components/config/policy-config.ts";
import { Stack } from "./components/stack.ts";
import { enforce } from "./policies/adapters/program.ts";

// Node strips types in place, so that positions are right without source maps. Pulumi's mapper of stack traces costs a
// preview half a second: the SDK takes a trace with every property of every resource.
Reflect.deleteProperty(Error, "prepareStackTrace");
// One line of each is enough to find the place of an error.
Error.stackTraceLimit = 1;

const where = `Pulumi.${pulumi.getStack()}.yaml`;

function configuration() {
  try {
    return parsePulumiConfig(allConfig(), pulumi.getProject(), where);
  } catch (error) {
    if (error instanceof ConfigError) throw new pulumi.RunError(`${error.message}\n${error.fix}`);
    throw error;
  }
}

const config = configuration();
enforce(policyConfigOf(config), `xnai:policy in ${where}`);
const stack = new Stack("stack", config);

export default async () => stack.outputs;
