// Versions of engines and of their APIs, as far as anything is decided by them. Pure.

/** Major and minor number. */
export type Version = readonly [number, number];

/** What cannot be read counts as 0. */
export function numbersOf(version = ""): Version {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return [major, minor];
}

export function isBefore(version: string | undefined, [major, minor]: Version): boolean {
  const [one, two] = numbersOf(version);
  return one < major || (one === major && two < minor);
}
