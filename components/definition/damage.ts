// Data that a service can no longer read, by what its log says. Pure.

/** Damage of data that a service's own log tells of. */
export interface Damage {
  /** What its log says then. */
  says: RegExp;
  /** What is damaged. */
  what: string;
  /** What to do about it. */
  fix: string;
}

/** The first damage that these lines tell of; the last line counts first. */
export function damageIn(lines: readonly string[], damage: readonly Damage[] = []): Damage | undefined {
  for (const line of lines.toReversed()) {
    const known = damage.find(({ says }) => says.test(line));
    if (known) return known;
  }
  return undefined;
}
