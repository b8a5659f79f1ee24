// Brings what is missing: from this machine, else from the official releases, else by building it. One at a time; each
// executable appears whole, by a rename, and the manifest after it, so that a kill at any moment costs no more than work.
import { mkdir, symlink } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { basename, join } from "node:path";
import { lock } from "proper-lockfile";
import { exitCode, XnaiError } from "../../lib/errors.ts";
import { build } from "./build.ts";
import { installedFrom, readManifest } from "./cache.ts";
import { findGo } from "./go.ts";
import { findInstalled } from "./local.ts";
import { type DownloadOptions, download } from "./official.ts";
import { type Part, parts } from "./parts.ts";
import { clearStaged, makeHome, place, recognise, staged } from "./place.ts";

export interface InstallOptions {
  /** The folder of all toolchains, and the one to fill below it. */
  root: string;
  folder: string;
  env: NodeJS.ProcessEnv;
  say: (text: string) => void;
  /** `built` never asks the internet for a release, `official` never builds. @default whatever works */
  only?: "official" | "built";
  /** Where the releases are, and how long to wait for them. */
  releases?: DownloadOptions;
}

/** A lock that was not refreshed for so long belongs to a process that is gone. */
const lockStaleMs = 10_000;
/** What a build from nothing takes in all, measured: it is divided among the cores. */
const buildCoreMinutes = 15;
const reportMs = 30_000;

/** Fills the folder. @throws XnaiError (machine) saying what this machine lacks */
export async function install(options: InstallOptions): Promise<void> {
  try {
    await mkdir(options.folder, { recursive: true });
    const release = await takeLock(options);
    try {
      await fill(options);
    } finally {
      await release().catch(() => {});
    }
  } catch (error) {
    throw explain(error, options.root);
  }
}

/** Waits as long as another process works here; a lock that nobody keeps fresh is taken over. */
async function takeLock({ root, say }: InstallOptions): Promise<() => Promise<void>> {
  // Losing the lock, to a process that was asleep for long, does no harm: every step is a rename.
  const options = { stale: lockStaleMs, lockfilePath: join(root, "lock"), onCompromised: () => {} };
  try {
    return await lock(root, options);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
    say("another xnai is bringing the toolchain: waiting for it");
    return await lock(root, { ...options, retries: { forever: true, minTimeout: 500, maxTimeout: 1_000 } });
  }
}

async function fill(options: InstallOptions): Promise<void> {
  const { root, folder, say } = options;
  await clearStaged(folder);
  await makeHome(root, folder);
  const missing = () => {
    const manifest = readManifest(folder);
    return parts.filter(({ components }) => components.some((one) => !installedFrom(folder, manifest, one)));
  };
  await recognise(folder);
  if (missing().length === 0) return;

  for (const part of missing()) await fromMachine(part, options);
  if (options.only !== "built") await Promise.all(missing().map((part) => fromRelease(part, options)));
  const rest = missing();
  if (rest.length > 0 && options.only !== "official") await fromSource(rest, options);
  const lacking = missing().map(({ title }) => title);
  if (lacking.length > 0)
    throw new XnaiError(
      exitCode.machine,
      `Not to be had from the official releases: ${lacking.join(", ")}.`,
      "Leave XNAI_TOOLCHAIN unset, and they are built instead.",
    );
  say("the toolchain is complete");
}

async function fromMachine(part: Part, { root, folder, env, say }: InstallOptions): Promise<void> {
  const found = await findInstalled(part, env, root);
  if (!found) return;
  await staged(folder, async (staging) => {
    for (const path of found) await symlink(path, join(staging, basename(path)));
    await place(part, staging, folder, "path");
  });
  say(`${part.title}: using ${found[0]}`);
}

async function fromRelease(part: Part, { folder, releases, say }: InstallOptions): Promise<void> {
  await staged(folder, async (staging) => {
    const problem = await download(part, staging, { say, ...releases });
    if (problem === undefined) await place(part, staging, folder, "official");
    say(`${part.title}: ${problem === undefined ? "official release" : `no official release (${problem})`}`);
  });
}

/** Both modules at once: while one links, which takes one core, the other compiles. */
async function fromSource(missing: readonly Part[], { root, folder, env, say }: InstallOptions): Promise<void> {
  const go = await findGo(root, env, say);
  const minutes = Math.ceil(buildCoreMinutes / availableParallelism());
  say(`building ${missing.map(({ title }) => title).join(", ")}: once, about ${minutes} minutes if nothing is cached`);
  let compiled = 0;
  const stopReporting = every(reportMs, (elapsed) => say(`building: ${compiled} packages compiled in ${elapsed}`));
  const failed = new AbortController();
  try {
    const modules = Map.groupBy(missing, ({ build }) => build.module);
    await Promise.all(
      [...modules.values()].map((some) =>
        staged(folder, async (staging) => {
          await build(some, staging, { go, env, signal: failed.signal, onPackage: () => compiled++ });
          for (const part of some) await place(part, staging, folder, "built");
        }),
      ),
    );
  } finally {
    failed.abort();
    stopReporting();
  }
}

function every(ms: number, report: (elapsed: string) => void): () => void {
  const started = Date.now();
  const timer = setInterval(() => {
    const seconds = Math.round((Date.now() - started) / 1_000);
    report(`${Math.floor(seconds / 60)} min ${seconds % 60} s`);
  }, ms);
  return () => clearInterval(timer);
}

function explain(error: unknown, root: string): unknown {
  const { code, path } = error as NodeJS.ErrnoException;
  const where = path ?? root;
  if (code === "ENOSPC" || code === "EDQUOT")
    return new XnaiError(exitCode.machine, `The disk is full: ${where}`, "Free at least 6 GB for the first build.", {
      cause: error,
    });
  if (code === "EACCES" || code === "EPERM" || code === "EROFS" || code === "ENOTDIR")
    return new XnaiError(
      exitCode.machine,
      `The toolchain cannot be kept in ${root}: ${(error as Error).message}`,
      "Make that folder writable for you, or set XDG_CACHE_HOME to one that is.",
      { cause: error },
    );
  return error;
}
