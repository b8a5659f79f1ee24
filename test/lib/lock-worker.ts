// One of the processes of lock.test.ts. For each message it tries to take a lock and answers how that went.
import { closeSync, openSync, rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { XnaiError } from "../../lib/errors.ts";
import { withLock } from "../../lib/lock.ts";

export interface Attempt {
  file: string;
  /** Wait until the lock is free. @default fail at once */
  wait: boolean;
  /** How long to hold the lock. */
  milliseconds: number;
}

/** `overlap`: somebody else was inside at the same time. */
export type Outcome = "held" | "overlap" | { code: number; message: string };

async function work({ file, milliseconds }: Attempt): Promise<Outcome> {
  const inside = `${file}.inside`;
  try {
    closeSync(openSync(inside, "wx"));
  } catch {
    return "overlap";
  }
  process.send?.("inside");
  await sleep(milliseconds);
  rmSync(inside);
  return "held";
}

process.on("message", async (attempt: Attempt) => {
  const options = { command: "up", subject: "stack dev", ...(attempt.wait && { wait: { onWait: () => {} } }) };
  const outcome = await withLock(attempt.file, options, () => work(attempt)).catch(({ code, message }: XnaiError) => ({
    code,
    message,
  }));
  process.send?.(outcome);
});
process.send?.("ready");
