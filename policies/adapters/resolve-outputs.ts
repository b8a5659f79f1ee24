// The inputs of a resource as plain values: of every Output in them its value, or UNKNOWN if it has none yet.
import * as pulumi from "@pulumi/pulumi";
import { UNKNOWN } from "../facts/unknown.ts";

/** A deep copy of `value` in which no Output and no promise is left. Secrets are opened: keep the result to yourself. */
export async function resolveOutputs(value: unknown): Promise<unknown> {
  if (pulumi.Output.isInstance(value)) {
    const known = await (value as unknown as { isKnown: Promise<boolean> }).isKnown;
    return known ? resolveOutputs(await (value as unknown as { promise(): Promise<unknown> }).promise()) : UNKNOWN;
  }
  if (value instanceof Promise) return resolveOutputs(await value);
  if (Array.isArray(value)) return Promise.all(value.map(resolveOutputs));
  if (pulumi.asset.Asset.isInstance(value) || pulumi.asset.Archive.isInstance(value)) return UNKNOWN;
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(async ([key, each]) => [key, await resolveOutputs(each)]);
  return Object.fromEntries(await Promise.all(entries));
}
