// Installs what is missing: from this machine, else from the official releases, else by building it. One process at a
// time; each executable appears whole, by a rename, and the manifest after it, so that a kill at any moment only costs work.
import { mkdir, symlink } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { basename, join } from "node:path";
import { exitCode, XnaiError } from "../../lib/errors.ts";
import { withLock } from "../../lib/lock.ts";
import { build } from "./build.ts";
import { findInstalled } from "./find-installed.ts";
import { findGo } from "./go.ts";
import { acceptCopies, installedFrom, installFrom, readManifest } from "./manifest.ts";
import { type DownloadOptions, download } from "./official.ts";
import { makePulumiHome } from "./pulumi-home.ts";
import { clearStaged, staged } from "./staging.ts";
import { type Tool, tools } from "./tools.ts";

export interface InstallOptions {
  /** The folder of all toolchains. */
  root: string;
  /** The one to fill, below it. */
  folder: string;
  env: NodeJS.ProcessEnv;
  /** Is told what is being done, one line at a time. */
  say: (text: string) => void;
  /** `built` asks no server for a release, `official` never builds. @default whatever works */
  only?: "official" | "built";
  /** Where the releases are, and how long to wait for them. */
  releases?: DownloadOptions;
}

/** What a build with empty caches takes, measured; the cores share it. */
const buildCoreMinutes = 15;
const reportMs = 30_000;

/** Fills the folder; waits while another process does. @throws XnaiError (machine) that says what this machine lacks */
export async function install(options: InstallOptions): Promise<void> {
  try {
    await mkdir(options.folder, { recursive: true });
    const onWait = () => options.say("another xnai is installing the toolchain: waiting for it");
    const lock = { command: "toolchain", subject: `the toolchains in ${options.root}`, wait: { onWait } };
    await withLock(join(options.root, "install.lock"), lock, () => fill(options));
  } catch (error) {
    throw cacheFailure(error, options.root);
  }
}

async function fill(options: InstallOptions): Promise<void> {
  const { root, folder, say } = options;
  await clearStaged(folder);
  await makePulumiHome(root, folder);
  const missing = () => {
    const manifest = readManifest(folder);
    return tools.filter(({ components }) => components.some((one) => !installedFrom(folder, manifest, one)));
  };
  await acceptCopies(folder);
  if (missing().length === 0) return;

  for (const tool of missing()) await fromMachine(tool, options);
  if (options.only !== "built") await Promise.all(missing().map((tool) => fromRelease(tool, options)));
  const rest = missing();
  if (rest.length > 0 && options.only !== "official") await fromSource(rest, options);
  const lacking = missing().map(({ title }) => title);
  if (lacking.length > 0)
    throw new XnaiError(
      exitCode.machine,
      `The official releases cannot be used for: ${lacking.join(", ")}.`,
      "Unset XNAI_TOOLCHAIN to have these built from source instead.",
    );
  say("the toolchain is complete");
}

async function fromMachine(tool: Tool, { root, folder, env, say }: InstallOptions): Promise<void> {
  const found = await findInstalled(tool, env, root);
  if (!found) return;
  await staged(folder, async (staging) => {
    for (const path of found) await symlink(path, join(staging, basename(path)));
    await installFrom(staging, tool, folder, "path");
  });
  say(`${tool.title}: using ${found[0]}`);
}

async function fromRelease(tool: Tool, { folder, releases, say }: InstallOptions): Promise<void> {
  await staged(folder, async (staging) => {
    const problem = await download(tool, staging, { say, ...releases });
    if (problem === undefined) await installFrom(staging, tool, folder, "official");
    say(`${tool.title}: ${problem === undefined ? "official release" : `no official release (${problem})`}`);
  });
}

/** Builds both modules at once: while one links, which takes one core, the other compiles. */
async function fromSource(missing: readonly Tool[], { root, folder, env, say }: InstallOptions): Promise<void> {
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
          for (const tool of some) await installFrom(staging, tool, folder, "built");
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

/** Says what a user can do about a full disk or a cache that cannot be written; other errors stay as they are. */
function cacheFailure(error: unknown, root: string): unknown {
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
