// Progress of a command on standard error: standard output is for results.
import pc from "picocolors";

/** Prints one line of progress. */
export function say(text: string): void {
  console.error(`${pc.dim("•")} ${text}`);
}
