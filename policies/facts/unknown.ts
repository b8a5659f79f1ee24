// Values that are not known yet. In a preview some inputs are decided only by `up`. A rule must neither crash on them nor
// take them for harmless, so "unknown" is a value of its own, and every fact may have it.

/** A value that is not known before `up`, or cannot be read (encrypted, of a wrong type). */
export const UNKNOWN: unique symbol = Symbol("unknown until up");
export type Unknown = typeof UNKNOWN;
/** A value that may not be known yet. */
export type Maybe<T> = T | Unknown;
/** A list that may be unknown as a whole or element by element. */
export type MaybeList<T> = Maybe<Maybe<T>[]>;
/** Texts by name, unknown as a whole or one by one. */
export type MaybeRecord = Maybe<Record<string, Maybe<string>>>;

export function isKnown<T>(value: Maybe<T>): value is T {
  return value !== UNKNOWN;
}

/** Whether some element passes `test`. One that does is enough; without one, a single unknown leaves it open. */
export function some<T>(list: MaybeList<T>, test: (element: T) => Maybe<boolean>): Maybe<boolean> {
  if (!isKnown(list)) return UNKNOWN;
  const answers = list.map((element) => (isKnown(element) ? test(element) : UNKNOWN));
  return answers.includes(true) || (answers.includes(UNKNOWN) ? UNKNOWN : false);
}

/** The elements of a list that are known: for rules that look for something forbidden. */
export function knownOf<T>(list: MaybeList<T>): T[] {
  return isKnown(list) ? (list.filter(isKnown) as T[]) : [];
}

/** `fn` of a value if it is known. */
export function map<T, U>(value: Maybe<T>, fn: (value: T) => U): Maybe<U> {
  return isKnown(value) ? fn(value) : UNKNOWN;
}
