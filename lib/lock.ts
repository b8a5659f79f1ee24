// A lock between processes that the kernel lets go when its holder dies, however it dies: nothing stale to judge or remove.
// It is a transaction of SQLite, which locks bytes of a file (fcntl); beside it, for people, stands who holds it.
import { accessSync, closeSync, constants, existsSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { exitCode, XnaiError } from "./errors.ts";

/** What stands in the lock file, as JSON, while the lock is held. A holder that was killed leaves it there. */
export interface LockHolder {
  /** The `xnai` command that is at work, such as `up`. */
  readonly command: string;
  readonly pid: number;
  /** ISO 8601, UTC. */
  readonly since: string;
}

export interface LockOptions {
  /** The `xnai` command that takes the lock: others that find it held are told. */
  readonly command: string;
  /** What is locked, for the message: `Another run is at work on ${subject}`. */
  readonly subject: string;
  /** Wait while somebody else holds the lock. @default fail at once */
  readonly wait?: {
    /** Called once, if there is somebody to wait for. */
    readonly onWait: () => void;
    /** Milliseconds. @default no limit */
    readonly limit?: number;
  };
}

const pollMilliseconds = 100;
/** SQLITE_BUSY: another connection, of this or of any other process, is in the transaction. */
const sqliteBusy = 5;

/**
 * Does some work while nobody else, in this or in another process, holds the same lock.
 * @param file gets the holder's name while the lock is held. The kernel's lock is on `<file>.sqlite`, which is never
 *   removed: whoever opened it before that would hold a lock on a file that the next one does not see. Its folder must
 *   exist.
 * @throws XnaiError (busy) that names the holder, (machine) when the folder cannot be written; what `work` throws
 */
export async function withLock<T>(file: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  createLockFile(`${file}.sqlite`);
  const database = await openDatabase(`${file}.sqlite`);
  try {
    if (!tryBegin(database)) await waitToBegin(database, file, options);
    const holder: LockHolder = { command: options.command, pid: process.pid, since: new Date().toISOString() };
    writeFileSync(file, JSON.stringify(holder), { mode: 0o600 });
    try {
      return await work();
    } finally {
      rmSync(file, { force: true });
    }
  } finally {
    database.close();
  }
}

/** Makes an empty file, which SQLite takes for an empty database, unless there is one. */
function createLockFile(file: string): void {
  try {
    // One that is there is not opened: closing a file drops every lock that this process has on it, SQLite's too.
    if (existsSync(file)) accessSync(file, constants.R_OK | constants.W_OK);
    else closeSync(openSync(file, "a", 0o600));
  } catch (cause) {
    throw new XnaiError(
      exitCode.machine,
      `The lock file ${file} cannot be opened: ${(cause as Error).message}`,
      `Make ${dirname(file)} and what is in it writable for you, then run the same command again.`,
      { cause },
    );
  }
}

async function openDatabase(file: string): Promise<DatabaseSync> {
  const { DatabaseSync } = await import("node:sqlite");
  const database = new DatabaseSync(file);
  try {
    // Nothing is ever written: without this, SQLite would still make a journal beside the file.
    database.exec("PRAGMA journal_mode = MEMORY");
  } catch (cause) {
    database.close();
    throw new XnaiError(
      exitCode.machine,
      `${file} is not the lock file that it was: ${(cause as Error).message}`,
      `It never has any content. Remove it and run the same command again: rm "${file}"`,
      { cause },
    );
  }
  return database;
}

/**
 * Takes the lock, unless it is held. IMMEDIATE is one atomic step, so that of several at once exactly one succeeds;
 * EXCLUSIVE is two, and two that are both half-way would both give up.
 */
function tryBegin(database: DatabaseSync): boolean {
  try {
    database.exec("BEGIN IMMEDIATE");
    return true;
  } catch (error) {
    if ((error as { errcode?: number }).errcode !== sqliteBusy) throw error;
    return false;
  }
}

async function waitToBegin(database: DatabaseSync, file: string, options: LockOptions): Promise<void> {
  const { wait, subject } = options;
  const deadline = performance.now() + (wait ? (wait.limit ?? Number.POSITIVE_INFINITY) : 0);
  wait?.onWait();
  while (performance.now() < deadline) {
    await sleep(pollMilliseconds);
    if (tryBegin(database)) return;
  }
  const holder = readHolder(file);
  const who = holder ? `: xnai ${holder.command} (process ${holder.pid}), since ${holder.since}` : "";
  throw new XnaiError(
    exitCode.busy,
    `Another run is at work on ${subject}${who}.`,
    "Wait until it has ended, then run the same command again.",
  );
}

/** Undefined in the instant between the holder's taking the lock and its writing who it is. */
function readHolder(file: string): LockHolder | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as LockHolder;
  } catch {
    return undefined;
  }
}
