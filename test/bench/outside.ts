// The bench runs in a network namespace without a way out. What needs package registries is run outside of it.
import { type Options as ExecaOptions, execa } from "execa";

/** The environment variable with the namespace that bench.ts itself runs in. */
export const outsideVariable = "XNAI_BENCH_OUTSIDE";

/**
 * Runs a command where registries can be reached, without what npm has put into the environment for its own scripts.
 * @throws ExecaError with all that it printed, if it fails
 */
export async function outside(command: string[], options: ExecaOptions): Promise<void> {
  const npmsOwn = Object.keys(process.env).filter((name) => /^npm_/i.test(name));
  await execa("nsenter", [`--net=${process.env[outsideVariable]}`, ...command], {
    ...options,
    env: Object.fromEntries(npmsOwn.map((name) => [name, undefined])),
    stdin: "ignore",
    all: true,
  });
}
