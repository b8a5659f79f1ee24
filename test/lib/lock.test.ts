// The lock between processes: with real ones, because it is the kernel that keeps it and lets it go.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { exitCode } from "../../lib/errors.ts";
import { type LockOptions, withLock } from "../../lib/lock.ts";
import type { Attempt, Outcome } from "./lock-worker.ts";

// Seconds in all, but they start processes, and a busy machine takes its time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const folder = mkdtempSync(join(tmpdir(), "xnai lock "));
let file: string;
let count = 0;
beforeEach(() => {
  file = join(folder, `${count++}.lock`);
});

/** Another process, which takes locks when told to. */
class Worker {
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess) {
    this.#process = process;
  }

  static async start(): Promise<Worker> {
    const worker = new Worker(fork(join(import.meta.dirname, "lock-worker.ts"), { execArgv: [] }));
    await worker.#next("ready");
    return worker;
  }

  get pid(): number {
    return this.#process.pid as number;
  }

  /** Has the lock and keeps it until it is killed. */
  async hold(lock: string): Promise<void> {
    this.#process.send({ file: lock, wait: false, milliseconds: 1e6 } satisfies Attempt);
    await this.#next("inside");
  }

  async attempt(lock: string, wait: boolean): Promise<Outcome> {
    this.#process.send({ file: lock, wait, milliseconds: 3 } satisfies Attempt);
    for (;;) {
      const [message] = (await once(this.#process, "message")) as [Outcome | "inside"];
      if (message !== "inside") return message;
    }
  }

  async kill(): Promise<void> {
    const gone = once(this.#process, "exit");
    this.#process.kill("SIGKILL");
    await gone;
  }

  async #next(expected: string): Promise<void> {
    const [message] = await once(this.#process, "message");
    expect(message).toBe(expected);
  }
}

const workers: Worker[] = [];
beforeAll(async () => workers.push(...(await Promise.all(Array.from({ length: 8 }, Worker.start)))));
afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.kill()));
  rmSync(folder, { recursive: true, force: true });
});

const options: LockOptions = { command: "up", subject: "stack dev" };
const lock = (work: () => Promise<unknown> = async () => "done", more: Partial<LockOptions> = {}) =>
  withLock(file, { ...options, ...more }, work);
const patient = (onWait = () => {}, limit?: number) => ({ wait: { onWait, limit } });

/** Leaves the lock as a process that was killed inside leaves it. */
async function holderDies(): Promise<void> {
  const holder = await Worker.start();
  await holder.hold(file);
  await holder.kill();
  rmSync(`${file}.inside`);
}

describe("a dead holder's lock", () => {
  it("is taken over at once, though it still names the dead", async () => {
    const holder = await Worker.start();
    await holder.hold(file);
    await expect(lock()).rejects.toMatchObject({
      code: exitCode.busy,
      message: expect.stringMatching(
        new RegExp(`^Another run is at work on stack dev: xnai up \\(process ${holder.pid}\\), since 20\\S+Z\\.$`),
      ),
      fix: "Wait until it has ended, then run the same command again.",
    });
    await holder.kill();
    expect(JSON.parse(readFileSync(file, "utf8")).pid).toBe(holder.pid);
    expect(await lock(async () => JSON.parse(readFileSync(file, "utf8")).pid)).toBe(process.pid);
    expect(existsSync(file)).toBe(false);
  });

  it("goes to the one that waits for it as soon as the holder is killed", async () => {
    const holder = await Worker.start();
    await holder.hold(file);
    const onWait = vi.fn(() => void holder.kill());
    expect(await lock(undefined, patient(onWait))).toBe("done");
    expect(onWait).toHaveBeenCalledOnce();
  });

  it.each([
    [39, "fail at once", false],
    [1, "wait", true],
  ])("%i times, 8 processes go for it and %s, and never two are inside together", async (rounds, _, wait) => {
    await holderDies();
    const remains = readFileSync(file);
    for (let round = 0; round < rounds; round++) {
      writeFileSync(file, remains);
      const outcomes = await Promise.all(workers.map((worker) => worker.attempt(file, wait)));
      const held = outcomes.filter((outcome) => outcome === "held").length;
      const busy = outcomes.filter((outcome) => typeof outcome === "object" && outcome.code === exitCode.busy).length;
      expect(held + busy, JSON.stringify(outcomes)).toBe(8);
      expect(held).toBeGreaterThanOrEqual(wait ? 8 : 1);
    }
  });
});

describe("a lock that is held", () => {
  it("by this process excludes it as well, and only from the same thing", async () => {
    const outcome = await lock(async () => {
      await expect(lock()).rejects.toMatchObject({ code: exitCode.busy });
      await expect(lock()).rejects.toMatchObject({ code: exitCode.busy });
      return withLock(join(folder, "other.lock"), options, async () => workers[0]?.attempt(file, false));
    });
    expect(outcome).toMatchObject({ code: exitCode.busy, message: expect.stringContaining(`process ${process.pid}`) });
  });

  it("is waited for; the event loop stays free, and it is said once", async () => {
    const onWait = vi.fn();
    let first: Promise<unknown> = Promise.resolve();
    await new Promise<void>((held) => {
      first = lock(async () => {
        held();
        await sleep(250);
        return "first";
      });
    });
    const order: unknown[] = [];
    await Promise.all([
      first.then((name) => order.push(name)),
      lock(async () => order.push("second"), patient(onWait)),
    ]);
    expect(order).toEqual(["first", "second"]);
    expect(onWait).toHaveBeenCalledTimes(1);
  });

  it("is waited for until the time is up, not longer", async () => {
    await lock(() =>
      expect(
        lock(
          undefined,
          patient(() => {}, 150),
        ),
      ).rejects.toMatchObject({ code: exitCode.busy }),
    );
  });

  it("is let go after a failure", async () => {
    await expect(lock(() => Promise.reject(new Error("broke")))).rejects.toThrow("broke");
    expect(await lock(undefined, patient(expect.unreachable))).toBe("done");
  });

  it("by somebody who has not signed yet, is nobody's by name", async () => {
    await lock(async () => {
      writeFileSync(file, "{");
      await expect(lock()).rejects.toThrow(/^Another run is at work on stack dev\.$/);
    });
  });
});

it("is for nobody else to read or write", async () => {
  await lock(async () => {
    for (const path of [file, `${file}.sqlite`]) expect(statSync(path).mode & 0o777).toBe(0o600);
  });
});

describe("a folder", () => {
  it("that is not there is one clear error", async () => {
    file = join(folder, "none", "dev.lock");
    await expect(lock()).rejects.toMatchObject({
      code: exitCode.machine,
      message: expect.stringContaining(`The lock file ${file}.sqlite cannot be opened: ENOENT`),
      fix: expect.stringContaining(`Make ${join(folder, "none")} and what is in it writable`),
    });
  });

  it("that may not be written is one clear error", async () => {
    // Where nobody can make a file, root neither.
    file = "/sys/xnai.lock";
    await expect(lock()).rejects.toMatchObject({
      code: exitCode.machine,
      message: expect.stringMatching(/cannot be opened: (EACCES|EPERM|EROFS)/),
    });
  });
});
