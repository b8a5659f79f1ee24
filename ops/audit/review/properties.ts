// What differs between the inputs of a resource before and after, property by property.
import { isDeepStrictEqual } from "node:util";
import { isRecord } from "../../../policies/facts/properties.ts";
import { dockerTypes } from "../../../policies/facts/pulumi.ts";
import { UNKNOWN } from "../../../policies/facts/unknown.ts";
import { plainValue, secretSignature, signatureKey } from "../../../policies/facts/wire-values.ts";

/** A property that differs. */
export interface Property {
  /** `memory`, `envs.TZ`, `file redis.conf`, `container.image`. */
  path: string;
  /** As it is written; undefined where it is not there. Several elements of a list are lines. */
  old: string | undefined;
  new: string | undefined;
  /** What it says is a hash of a secret, which is compared and never shown. */
  secret: boolean;
}

interface Value {
  value: unknown;
  secret?: true;
}
type Values = Map<string, Value>;

/**
 * The properties that differ, without those that only say what follows what.
 * @param type of the resource: some properties of some types never count
 */
export function changedProperties(before: unknown, after: unknown, type = ""): Property[] {
  const [old, next] = [flat(before, type), flat(after, type)];
  return [...new Set([...old.keys(), ...next.keys()])]
    .filter((path) => !isDeepStrictEqual(old.get(path)?.value, next.get(path)?.value))
    .filter((path) => isComparable(path, old, next))
    .map((path) => ({
      path,
      old: written(old.get(path)?.value),
      new: written(next.get(path)?.value),
      secret: Boolean(old.get(path)?.secret ?? next.get(path)?.secret),
    }));
}

/** Hashes that were not known before say nothing; of those that are not known yet only their name does. */
function isComparable(path: string, old: Values, next: Values): boolean {
  const whole = (values: Values) =>
    ["secret files", "secret values"].some((name) => values.get(name)?.value === UNKNOWN);
  if (!old.get(path)?.secret && !next.get(path)?.secret) return true;
  if (whole(old)) return false;
  return !whole(next) || next.has(path);
}

function flat(props: unknown, type: string): Values {
  const values: Values = new Map();
  const input = plainValue(masked(props));
  for (const [name, value] of Object.entries(isRecord(input) ? input : {})) {
    // The id of the task that it follows stands there (components/engine/service-container.ts).
    if (name.startsWith("__") || name === "waitTimeout") continue;
    // Set once and then ignored (components/engine/storage.ts).
    if (name === "labels" && type === dockerTypes.volume) continue;
    if (name === "keepers" && isRecord(value)) keepers(value, values);
    else add(name, value, values);
  }
  return values;
}

/** A secret in the wire's form as event logs have it: they mask it, a test's program does not. */
function masked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(masked);
  if (!isRecord(value)) return value;
  if (value[signatureKey] === secretSignature) return "[secret]";
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, masked(each)]));
}

/** What a marker remembers. The container of its task is one like any other. */
function keepers(all: Record<string, unknown>, values: Values): void {
  for (const [name, value] of Object.entries(all)) {
    if (name === "follows") continue;
    if (name === "container") add(name, containerIn(value), values);
    else if (name === "secret files" || name === "secret values") hashes(name, value, values);
    else values.set(name, { value });
  }
}

/** One for each file or value, so that it can be said which one changed. */
function hashes(name: "secret files" | "secret values", value: unknown, values: Values): void {
  const all = json(value);
  if (!isRecord(all)) values.set(name, { value: all, secret: true });
  else
    for (const [each, hash] of Object.entries(all))
      values.set(`${name.slice("secret ".length, -1)} ${each}`, { value: hash, secret: true });
}

/** One container, or those of a task with more than one by their names. */
function containerIn(value: unknown): unknown {
  const found = json(value);
  if (!Array.isArray(found)) return found;
  return Object.fromEntries(found.map((each, index) => [isRecord(each) ? each.name : index, each]));
}

function add(path: string, value: unknown, values: Values): void {
  if (isRecord(value)) for (const [name, each] of Object.entries(value)) add(`${path}.${name}`, each, values);
  else if (!Array.isArray(value)) values.set(path, { value });
  // An empty list and none are the same.
  else if (value.length > 0) list(path, value, values);
}

/** What tells the elements of a list apart. Published ports have nothing: one may open beside another. */
const identities = ["label", "containerPath", "name", "host", "file", "key", "id"];

function list(path: string, elements: unknown[], values: Values): void {
  const identity = identities.find((key) => elements.every((each) => isRecord(each) && typeof each[key] === "string"));
  if (/(^|\.)envs$/.test(path) && elements.every((each) => typeof each === "string")) {
    for (const each of elements) {
      const [name = ""] = each.split("=", 1);
      values.set(`${path}.${name}`, { value: each.slice(name.length + 1) });
    }
  } else if (identity) {
    for (const { [identity]: name, ...rest } of elements as Record<string, unknown>[]) {
      const [only, ...more] = Object.values(rest);
      values.set(`${path}.${name}`, { value: more.length === 0 && only !== undefined ? only : rest });
    }
  } else values.set(path, { value: elements });
}

/** What stands for a value that only `up` decides, or that is encrypted. */
export const notKnown = "not known before up";

function written(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return Array.isArray(value) ? value.map(element).join("\n") : element(value);
}

function element(value: unknown): string {
  if (value === UNKNOWN) return notKnown;
  if (!isRecord(value)) return Array.isArray(value) ? value.map(element).join(" ") : String(value);
  const { internal, external, ip, protocol } = value;
  if (internal !== undefined && external !== undefined)
    return `${element(ip ?? "0.0.0.0")}:${element(external)} to ${element(internal)}/${element(protocol ?? "tcp")}`;
  return Object.entries(value)
    .map(([key, each]) => `${key} ${element(each)}`)
    .join(", ");
}

function json(value: unknown): unknown {
  try {
    return typeof value === "string" ? JSON.parse(value) : value;
  } catch {
    return value;
  }
}
