// Random moments at which a command is disturbed: the same ones for the same seed.

export interface Moment {
  phase: "first up" | "edit" | "repair" | "destroy";
  how: "kill -9" | "full disk";
  /** Of the time that the command takes undisturbed, 0 to 1. */
  share: number;
  /** The same in words. */
  percent: string;
}

/** A number, or one by the clock. */
export const seedFrom = (text: string | undefined): number => (text ? Number(text) : Date.now() % 1_000_000);

/** Every phase in turn, by both ways of disturbing, each at a moment of its own. */
export function moments(seed: number, count: number): Moment[] {
  const random = mulberry32(seed);
  const phases = ["first up", "edit", "destroy", "repair"] as const;
  return Array.from({ length: count }, (_, index) => {
    const share = Math.round((0.05 + 0.9 * random()) * 100) / 100;
    return {
      phase: phases[index % phases.length] as Moment["phase"],
      how: (index + Math.floor(index / phases.length)) % 2 === 0 ? "kill -9" : "full disk",
      share,
      percent: `${Math.round(share * 100)} %`,
    };
  });
}

/** https://gist.github.com/tommyettinger/46a874533244883189143505d203312c: enough for this, and four lines. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
