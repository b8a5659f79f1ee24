// The program that reads compose files (main.go), ready to run: found in the cache in a millisecond, built there once.
import { existsSync, readFileSync } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { exitCode, XnaiError } from "../../lib/errors.ts";
import { withLock } from "../../lib/lock.ts";
import { compile } from "../toolchain/build.ts";
import { cacheRoot, sourcesKey } from "../toolchain/cache.ts";
import { findGo } from "../toolchain/go.ts";
import { onlySource } from "../toolchain/index.ts";
import { staged } from "../toolchain/staging.ts";

/** The folder of the Go module: this one. */
const sources = import.meta.dirname;

/** The version of compose-go, which is what decides how a file is read. */
export function composeGoVersion(): string {
  const pinned = /compose-go\/v2 v(\S+)/.exec(readFileSync(join(sources, "go.mod"), "utf8"));
  return pinned?.[1] ?? "";
}

/** Where the program is, or will be, and whether it is there. Another version or source has a folder of its own. */
export function inspectComposeLoader(env: NodeJS.ProcessEnv = process.env): { path: string; complete: boolean } {
  const key = sourcesKey(sources, readFileSync(join(sources, "words.txt"), "utf8"));
  const path = join(cacheRoot(env), `compose-loader-${key}`, "compose-loader");
  return { path, complete: existsSync(path) };
}

/**
 * The path of the program, which is built first where it is missing.
 * @param say is told what is being done; nothing when the program is there
 * @throws XnaiError (machine) if it is missing and cannot be built, or XNAI_TOOLCHAIN=official forbids it
 */
export async function ensureComposeLoader(
  say: (text: string) => void = () => {},
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const { path, complete } = inspectComposeLoader(env);
  if (complete) return path;
  if (onlySource(env) === "official")
    throw new XnaiError(
      exitCode.machine,
      "Compose files are read by Compose's own library, in a program that has to be built, and XNAI_TOOLCHAIN=official builds nothing.",
      "Build it once: env -u XNAI_TOOLCHAIN npm run policy -- --compose FILE",
    );
  const root = cacheRoot(env);
  const folder = join(path, "..");
  await mkdir(folder, { recursive: true });
  const wait = { onWait: () => say("another xnai is building the reader of compose files: waiting for it") };
  await withLock(join(root, "compose-loader.lock"), { command: "policy", subject: path, wait }, async () => {
    if (existsSync(path)) return;
    const go = await findGo(root, env, say);
    say(`building the reader of compose files (compose-go ${composeGoVersion()}): once, less than a minute`);
    let compiled = 0;
    await staged(folder, async (staging) => {
      const file = join(staging, "compose-loader");
      const { signal } = new AbortController();
      await compile(sources, ["-ldflags=-s -w", "-o", file, "."], staging, {
        go,
        env,
        signal,
        onPackage: () => compiled++,
      });
      await rename(file, path);
    });
    say(`built the reader of compose files: ${compiled} packages compiled`);
  });
  return path;
}
