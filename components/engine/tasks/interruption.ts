// Ctrl-C reaches the program as well as the Pulumi CLI. The CLI waits for what is under way; the program would be gone at
// once, and leave a task half-done behind.

const underWay = new Set<string>();
let listening = false;
let interrupted = false;

/** Thrown where a wait is given up because the user has asked to stop. */
export class Interrupted extends Error {
  constructor() {
    super("interrupted");
  }
}

/** Whether the user has asked to stop: waits look here. */
export const isInterrupted = () => interrupted;

/** Does some work to its end, also when the user asks to stop meanwhile. @throws Interrupted instead of beginning after that */
export async function uninterrupted<T>(title: string, work: () => Promise<T>): Promise<T> {
  listen();
  if (interrupted) throw new Interrupted();
  underWay.add(title);
  try {
    return await work();
  } finally {
    underWay.delete(title);
  }
}

function listen(): void {
  if (listening) return;
  listening = true;
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.on(signal, () => {
      if (underWay.size === 0) process.exit(1);
      if (!interrupted) console.error(`waiting for the end of: ${[...underWay].join(", ")}`);
      interrupted = true;
    });
}
