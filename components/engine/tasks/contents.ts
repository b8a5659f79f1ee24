// What a marker remembers of files and other values: those without a secret as they are, so that a preview shows what changes
// in them; of those with one only a keyed hash, from which nobody can try out what the secret might be.
import { createHmac } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";

/** Named texts that a task works with. */
export interface Contents {
  /** What has secrets in it is a secret output. */
  texts: Record<string, pulumi.Input<string>>;
  /** The key of the hashes: a generated secret of the stack. */
  hashKey: pulumi.Output<string>;
  /** What counts here instead of the texts, where whoever reads them is told of other changes in another way. @default all */
  counted?: Record<string, pulumi.Input<string>>;
}

/** Name of the keeper of a file without secrets; the policies read it. */
export const fileKeeper = (file: string) => `file ${file}`;

/** Keepers of values in plain. */
export const keptValues = (values: Record<string, string> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, text]) => [`value ${name}`, text]));

/** Their keepers: `file NAME` (or `value NAME`) for each in plain, and one for all the others. */
export function contentKeepers(
  kind: "file" | "value",
  { texts, hashKey, counted: all = texts }: Contents,
): Record<string, pulumi.Input<string>> {
  const counted = Object.entries(all);
  const plain = counted.filter((entry): entry is [string, string] => typeof entry[1] === "string");
  const secret = Object.fromEntries(counted.filter(([, text]) => typeof text !== "string"));
  return {
    ...Object.fromEntries(plain.map(([name, text]) => [`${kind} ${name}`, text])),
    ...(Object.keys(secret).length > 0 && { [`secret ${kind}s`]: hashes(secret, hashKey) }),
  };
}

function hashes(texts: Record<string, pulumi.Input<string>>, hashKey: pulumi.Output<string>): pulumi.Output<string> {
  const hash = (key: string, text: string) => createHmac("sha256", key).update(text).digest("hex");
  const hashed = pulumi
    .all([hashKey, pulumi.output(texts)])
    .apply(([key, all]) =>
      JSON.stringify(Object.fromEntries(Object.entries(all).map(([name, text]) => [name, hash(key, text)]))),
    );
  return pulumi.unsecret(hashed);
}
