// Random moments at which a command is disturbed: the same ones for the same seed.
import { createHash } from "node:crypto";

export interface Moment {
  phase: "first up" | "edit" | "repair" | "destroy";
  how: "kill -9" | "full disk";
  /** Of the time that the command takes undisturbed, 0 to 1. */
  share: number;
  /** The same in words. */
  percent: string;
}

/** What the user sets, else one by the clock. */
export const seedFrom = (text: string | undefined): number => (text ? Number(text) : Date.now() % 1_000_000);

/** Every phase in turn, by both ways of disturbing, each at a moment of its own. */
export function moments(seed: number, count: number): Moment[] {
  const phases = ["first up", "edit", "destroy", "repair"] as const;
  return Array.from({ length: count }, (_, index) => {
    const share = Math.round((0.05 + 0.9 * randomOf(seed, index)) * 100) / 100;
    return {
      phase: phases[index % phases.length] as Moment["phase"],
      how: (index + Math.floor(index / phases.length)) % 2 === 0 ? "kill -9" : "full disk",
      share,
      percent: `${Math.round(share * 100)} %`,
    };
  });
}

/** A number below 1 that nobody foresees, the same for the same two. */
const randomOf = (seed: number, index: number): number =>
  createHash("sha256").update(`${seed} ${index}`).digest().readUInt32BE() / 2 ** 32;
