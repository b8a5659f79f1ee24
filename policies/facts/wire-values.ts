// Turns what Pulumi hands out into plain values, with UNKNOWN for everything that cannot be read. Each source says
// "unknown" in its own way: the proxies of a policy throw when one is touched, an event log has sentinels, an exported
// state has encrypted secrets, and the CLI writes `[secret]` where it masked one.
import { UNKNOWN } from "./unknown.ts";

/** One for each type of value (string, number, boolean, list, object, asset, archive): Pulumi's sdk/go/common/resource/plugin/rpc.go. */
const unknownSentinels = new Set([
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
]);
/** Key that marks a special object in Pulumi's wire format, and its value for a secret: sdk/go/common/resource/sig. */
export const signatureKey = "4dabf18193072939515e22adb298388d";
export const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
/** Deeper than any input of @pulumi/docker, and an end for what refers to itself. */
const maxDepth = 40;

/** A deep copy of `value` as plain data; what is unknown, encrypted or masked becomes UNKNOWN. Never throws. */
export function plainValue(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return unknownSentinels.has(value) || value === "[secret]" ? UNKNOWN : value;
  if (value === null || typeof value !== "object") return typeof value === "function" ? UNKNOWN : value;
  if (depth > maxDepth) return UNKNOWN;
  try {
    if (Array.isArray(value)) return Array.from({ length: value.length }, (_, i) => element(value, i, depth));
    const keys = Object.keys(value).filter((key) => key !== "__defaults" && key !== "__proto__");
    if (keys.includes(signatureKey)) return special(value as Record<string, unknown>, depth);
    return Object.fromEntries(keys.map((key) => [key, element(value, key, depth)]));
  } catch {
    return UNKNOWN;
  }
}

function element(of: object, key: string | number, depth: number): unknown {
  try {
    return plainValue((of as Record<string | number, unknown>)[key], depth + 1);
  } catch {
    return UNKNOWN;
  }
}

function special(value: Record<string, unknown>, depth: number): unknown {
  if (value[signatureKey] !== secretSignature) return UNKNOWN;
  if ("value" in value) return plainValue(value.value, depth + 1);
  if (typeof value.plaintext !== "string") return UNKNOWN;
  return plainValue(JSON.parse(value.plaintext), depth + 1);
}
