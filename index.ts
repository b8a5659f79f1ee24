// Configuration in, stack up, outputs out.
import * as pulumi from "@pulumi/pulumi";
import { allConfig } from "@pulumi/pulumi/runtime/config.js";
import { ConfigError, parsePulumiConfig } from "./components/config-read.ts";
import { Stack } from "./components/stack.ts";

function configuration() {
  try {
    return parsePulumiConfig(allConfig(), pulumi.getProject(), `Pulumi.${pulumi.getStack()}.yaml`);
  } catch (error) {
    if (error instanceof ConfigError) throw new pulumi.RunError(error.message);
    throw error;
  }
}

const stack = new Stack("stack", configuration());

export default async () => stack.outputs;
