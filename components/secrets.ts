// Generated secrets. RandomPassword only: the ids of RandomBytes, RandomId and RandomUuid are their values, in clear in state.
import { createHash } from "node:crypto";
import type * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { SecretName, StackConfig } from "./config.ts";

/**
 * A generated secret of letters and digits, as a secret output.
 * @param length characters; 32 are 190 bits
 */
export function generatedSecret(
  name: SecretName,
  config: StackConfig,
  opts: pulumi.CustomResourceOptions,
  length = 32,
): pulumi.Output<string> {
  const rotation = `${config.rotate[name] ?? 0}`;
  return new random.RandomPassword(name, { length, special: false, keepers: { rotation } }, opts).result;
}

/** SHA-256 in hex, as Redis' ACL files take passwords. */
export const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
