// Generated secrets. RandomPassword only: the ids of RandomBytes, RandomId and RandomUuid are their values, in clear in state.
import { createHash } from "node:crypto";
import type * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { SecretName, StackConfig } from "../config/schema.ts";

/** A secret that is not renewed: others are made from it. */
type Seed = "vikunjaUserSeed";

/**
 * A generated secret of letters and digits, as a secret output.
 * @param length characters; 32 are 190 bits
 */
export function generatedSecret(
  name: SecretName | Seed,
  config: StackConfig,
  opts: pulumi.CustomResourceOptions,
  length = 32,
): pulumi.Output<string> {
  const rotation = `${config.rotate[name as SecretName] ?? 0}`;
  return new random.RandomPassword(name, { length, special: false, keepers: { rotation } }, opts).result;
}

/** SHA-256 in hex, as Redis' ACL files take passwords. */
export const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/** A secret (or a name) as a UUID, for software that insists on that form: 128 bits of its SHA-256. */
export const uuidFrom = (text: string) => sha256(text).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
