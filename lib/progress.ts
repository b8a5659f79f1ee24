// Lines that say what is being done, on standard error: standard output is for results.
import pc from "picocolors";

/** One line of progress. */
export function say(text: string): void {
  console.error(`${pc.dim("•")} ${text}`);
}

/** Something that the user should notice. */
export function warn(text: string): void {
  console.error(`${pc.yellow("!")} ${text}`);
}
