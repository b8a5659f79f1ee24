// Ctrl-C ends up in the program as well as in the Pulumi CLI, which waits for what is under way, but not for long: then it
// kills the program. What is not done by then is given up in words, and goes on in its container.

/** The CLI kills the program 5 s after Ctrl-C; the answer has to reach it before. */
const graceMilliseconds = 4_000;

const underWay = new Set<string>();
const interruption = new AbortController();
let listening = false;

/** Thrown where something is given up because the user has asked to stop. */
export class Interrupted extends Error {
  constructor(what = "interrupted") {
    super(what);
  }
}

/** Whether the user has asked to stop: waits look here. */
export const isInterrupted = () => interruption.signal.aborted;

/**
 * Does some work to its end, also when the user asks to stop meanwhile and it does not take long.
 * @throws Interrupted instead of beginning after that, and when it takes longer
 */
export async function uninterrupted<T>(title: string, work: () => Promise<T>): Promise<T> {
  listen();
  if (isInterrupted()) throw new Interrupted();
  underWay.add(title);
  const begun = work();
  begun.catch(() => undefined);
  try {
    return await Promise.race([begun, givenUp()]);
  } finally {
    underWay.delete(title);
  }
}

function givenUp(): Promise<never> {
  const words = "interrupted while it was at work. It goes on to its end, and the next up clears up after it";
  return new Promise((_, failed) => {
    const later = () => setTimeout(() => failed(new Interrupted(words)), graceMilliseconds).unref();
    interruption.signal.addEventListener("abort", later, { once: true });
  });
}

function listen(): void {
  if (listening) return;
  listening = true;
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.on(signal, () => {
      if (underWay.size === 0) process.exit(1);
      if (!isInterrupted()) console.error(`waiting for the end of: ${[...underWay].join(", ")}`);
      interruption.abort();
    });
}
