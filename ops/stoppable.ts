// Work that ends in an orderly way when this process is told to stop.
import { exitCode, XnaiError } from "../lib/errors.ts";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** That somebody has stopped the command, with Ctrl-C or otherwise. */
export class Stopped extends XnaiError {
  constructor() {
    super(exitCode.failed, "Stopped before it was done.", "Run the same command again to go on.");
  }
}

/**
 * Does some work, with a signal that is aborted when the process is told to stop; its reason is a `Stopped`. Told so twice, the
 * process ends at once.
 */
export async function stoppable<T>(work: (stop: AbortSignal) => Promise<T>): Promise<T> {
  const stopping = new AbortController();
  const stop = () => {
    stopping.abort(new Stopped());
    release();
  };
  const release = () => {
    for (const signal of signals) process.off(signal, stop);
  };
  for (const signal of signals) process.on(signal, stop);
  try {
    return await work(stopping.signal);
  } finally {
    release();
  }
}
