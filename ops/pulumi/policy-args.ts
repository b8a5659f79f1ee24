// The policy pack on the command line of Pulumi, with the stack's own parameters.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { StackConfig } from "../../components/config/keys/base.ts";
import { policyConfigOf } from "../../components/config/policy-config.ts";
import { root } from "../paths.ts";

/**
 * Flags that make `pulumi up` and `pulumi preview` run the pack.
 * @param folder gets a file with the parameters, `policy-<stack>.json`
 */
export function policyArgs(folder: string, stack: string, config: StackConfig): string[] {
  const pack = ["--policy-pack", join(root, "policies")];
  const policy = policyConfigOf(config);
  if (Object.keys(policy).length === 0) return pack;
  const file = join(folder, `policy-${stack}.json`);
  writeFileSync(file, JSON.stringify(policy), { mode: 0o600 });
  return [...pack, "--policy-pack-config", file];
}
