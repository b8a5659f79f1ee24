// The policy pack on the command line of Pulumi, with the stack's own parameters.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { StackConfig } from "../../components/config/keys/base.ts";
import { policyConfigOf } from "../../components/config/policy-config.ts";
import { root, stateDir } from "../paths.ts";

/** Flags that make `pulumi up` and `pulumi preview` run the pack. Writes the parameters to a file in the state directory. */
export function policyArgs(stack: string, config: StackConfig): string[] {
  const pack = ["--policy-pack", join(root, "policies")];
  const policy = policyConfigOf(config);
  if (Object.keys(policy).length === 0) return pack;
  const file = join(stateDir, `policy-${stack}.json`);
  writeFileSync(file, JSON.stringify(policy), { mode: 0o600 });
  return [...pack, "--policy-pack-config", file];
}
