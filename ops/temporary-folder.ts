// A temporary folder that does not stay behind: not after a failure, not when this process is told to stop, and what a killed
// one has left is removed by the next.
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs `work` in a new folder.
 * @param purpose part of its name: `xnai-<purpose>-<process>-...`
 * @param work gets the folder, and a signal with which to stop what it has started: the folder goes when it has come to its end
 */
export async function inTemporaryFolder<T>(
  purpose: string,
  work: (folder: string, stopped: AbortSignal) => Promise<T>,
): Promise<T> {
  removeLeftovers(purpose);
  const folder = mkdtempSync(join(tmpdir(), `xnai-${purpose}-${process.pid}-`));
  const stopped = new AbortController();
  let received: NodeJS.Signals | undefined;
  const stop = (signal: NodeJS.Signals) => {
    received = signal;
    stopped.abort();
  };
  for (const signal of signals) process.on(signal, stop);
  try {
    return await work(folder, stopped.signal);
  } finally {
    for (const signal of signals) process.off(signal, stop);
    rmSync(folder, { recursive: true, force: true });
    if (received) process.kill(process.pid, received);
  }
}

function removeLeftovers(purpose: string): void {
  const name = new RegExp(`^xnai-${purpose}-(\\d+)-`);
  for (const entry of readdirSync(tmpdir())) {
    const [, pid] = name.exec(entry) ?? [];
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(tmpdir(), entry), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
