// Reads one property of a plain object as the type that a fact has. A property that is not there has the engine's default;
// one of another type than the provider's schema allows cannot be judged, so it is UNKNOWN.
import { isKnown, type Maybe, type MaybeList, type MaybeRecord, map, UNKNOWN } from "./unknown.ts";

/** Properties by name, as they were written. */
export type Properties = Record<string, unknown>;

/** Properties that are unknown as a whole: whichever is asked for is UNKNOWN. */
export const unknownThroughout: Properties = new Proxy({}, { get: () => UNKNOWN });

const isAbsent = (value: unknown) => value === undefined || value === null;

export function isRecord(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A text; numbers and booleans are taken as written. */
export function text(value: unknown, otherwise = ""): Maybe<string> {
  if (isAbsent(value)) return otherwise;
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : UNKNOWN;
}

/** A number, also one that is written as a text. */
export function number(value: unknown, otherwise = 0): Maybe<number> {
  if (isAbsent(value) || value === "") return otherwise;
  const result = typeof value === "string" ? Number(value) : value;
  return typeof result === "number" && Number.isFinite(result) ? result : UNKNOWN;
}

/** A boolean, also one that is written as a text. */
export function flag(value: unknown, otherwise = false): Maybe<boolean> {
  if (isAbsent(value)) return otherwise;
  if (typeof value === "boolean") return value;
  return value === "true" ? true : value === "false" ? false : UNKNOWN;
}

/**
 * A list.
 * @param read gets each element with its path (`ports[2]`), and returns undefined for one that counts for nothing
 */
export function list<T>(
  value: unknown,
  path: string,
  read: (element: unknown, path: string) => Maybe<T> | undefined,
): MaybeList<T> {
  if (isAbsent(value)) return [];
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

/** A list of texts. */
export const texts = (value: unknown, path: string) => list<string>(value, path, (element) => text(element));

/** Several lists as one, which is unknown as soon as one of them is. */
export function joined<T>(lists: MaybeList<T>[]): MaybeList<T> {
  return lists.every(isKnown) ? (lists as Maybe<T>[][]).flat() : UNKNOWN;
}

/** Texts by name. */
export function record(value: unknown): MaybeRecord {
  if (isAbsent(value)) return {};
  if (!isRecord(value)) return UNKNOWN;
  return Object.fromEntries(Object.entries(value).map(([key, element]) => [key, text(element)]));
}

/** The properties of an object inside another one. */
export function nested(value: unknown): Properties {
  return value === UNKNOWN ? unknownThroughout : isRecord(value) ? value : {};
}

/** Whether a text is there at all, whatever it says: `cpuset: "0"` is the first processor. */
export const isWritten = (value: unknown): Maybe<boolean> => map(text(value), (known) => known !== "");

/** Whether one of `values` is set. What is empty, 0 or "0" is not. */
export function anySet(values: unknown[]): Maybe<boolean> {
  if (values.some((value) => value !== UNKNOWN && Boolean(value) && value !== "0")) return true;
  return values.includes(UNKNOWN) ? UNKNOWN : false;
}
