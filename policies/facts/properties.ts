// Reads one property of a plain object as the type that a fact has. Absent means the engine's default; a value of
// another type than the provider's schema allows cannot be judged, so it is UNKNOWN.
import { type Maybe, type MaybeList, type MaybeRecord, UNKNOWN } from "./unknown.ts";

export type Properties = Record<string, unknown>;

const absent = (value: unknown) => value === undefined || value === null;

export function isRecord(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function text(value: unknown, otherwise = ""): Maybe<string> {
  if (absent(value)) return otherwise;
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : UNKNOWN;
}

export function number(value: unknown, otherwise = 0): Maybe<number> {
  if (absent(value) || value === "") return otherwise;
  const result = typeof value === "string" ? Number(value) : value;
  return typeof result === "number" && Number.isFinite(result) ? result : UNKNOWN;
}

export function flag(value: unknown, otherwise = false): Maybe<boolean> {
  if (absent(value)) return otherwise;
  if (typeof value === "boolean") return value;
  return value === "true" ? true : value === "false" ? false : UNKNOWN;
}

/** A list; `read` gets each element with its path (`ports[2]`) and gives undefined for one that counts for nothing. */
export function list<T>(
  value: unknown,
  path: string,
  read: (element: unknown, path: string) => Maybe<T> | undefined,
): MaybeList<T> {
  if (absent(value)) return [];
  if (!Array.isArray(value)) return UNKNOWN;
  const elements = value.map((element, i) => (element === UNKNOWN ? UNKNOWN : read(element, `${path}[${i}]`)));
  return elements.filter((element) => element !== undefined) as Maybe<T>[];
}

/** A list of objects; anything else in it is UNKNOWN. */
export function objects<T>(
  value: unknown,
  path: string,
  read: (element: Properties, path: string) => Maybe<T> | undefined,
): MaybeList<T> {
  return list<T>(value, path, (element, at) => (isRecord(element) ? read(element, at) : UNKNOWN));
}

export const texts = (value: unknown, path: string) => list<string>(value, path, (element) => text(element));

export function record(value: unknown): MaybeRecord {
  if (absent(value)) return {};
  if (!isRecord(value)) return UNKNOWN;
  return Object.fromEntries(Object.entries(value).map(([key, element]) => [key, text(element)]));
}
