// What the checks of apps have in common. Pure.

/** Adds a problem. @param path below `apps` @param message as it goes on behind the value, which is `input` */
export type Say = (path: (string | number)[], input: unknown, message: string) => void;

/** A value of any shape as an object: an empty one where it is something else, which another check tells of. */
export const asObject = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
