// The errors that a user is shown, and how a command ends with them.

/** Exit codes of every `xnai` command; documented in docs/commands.md. */
export const exitCode = {
  done: 0,
  /** It was tried and failed. */
  failed: 1,
  /** Wrong usage or configuration: nothing was touched. */
  usage: 2,
  /** The machine lacks something (engine, disk, permission, a free port or name): nothing was touched. */
  machine: 3,
  /** Another run is at work on the same stack, or builds the same images. */
  busy: 4,
  /** A policy was violated (Pulumi's own code for it). */
  policy: 5,
} as const;

/** One of the exit codes. */
export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/**
 * An error that a user can act on. `message` says what is wrong, with which value and where it was set;
 * `fix` says what to do next. Printed without a stack trace; the process ends with `code`.
 */
export class XnaiError extends Error {
  readonly code: ExitCode;
  readonly fix: string;

  constructor(code: ExitCode, message: string, fix: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "XnaiError";
    this.code = code;
    this.fix = fix;
  }
}

/** An error as a command prints it. */
export const inWords = ({ message, fix }: Pick<XnaiError, "message" | "fix">): string =>
  `\nerror: ${message}\n  ${fix.replaceAll("\n", "\n  ")}`;
