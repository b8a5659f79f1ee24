// What to tell a user of a command that failed: of all that it printed, the lines that say why.

/** What execa rejects with, or resolves to with `reject: false`. */
export interface CommandFailure {
  readonly stderr?: unknown;
  /** Execa's own sentence, such as `Command failed with exit code 1: apt-get update`. */
  readonly shortMessage?: string;
  readonly message?: string;
}

export interface FailureLinesOptions {
  /** What a line that says why looks like; where none does, all lines are taken. @default every line */
  readonly marked?: RegExp;
  /** At most so many lines, from the end. @default 3 */
  readonly last?: number;
}

/**
 * The lines of a failed command's standard error that say why; the error's own message where it printed none. Any other
 * error gives its message.
 */
export function failureLines(failure: CommandFailure, options: FailureLinesOptions = {}): string[] {
  const { marked = /^/, last = 3 } = options;
  const lines = String(failure.stderr ?? "")
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "");
  const telling = lines.filter((line) => marked.test(line));
  const chosen = (telling.length > 0 ? telling : lines).slice(-last);
  return chosen.length > 0 ? chosen : [failure.shortMessage ?? failure.message ?? "it gave no reason"];
}
