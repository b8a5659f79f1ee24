// Docker Compose to measure against: the standalone command, built once from its Go module into the user's cache.
import { existsSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { cacheFolder } from "../../../airgap/cache-folder.ts";
import { cacheRoot } from "../../../airgap/toolchain/cache.ts";
import { findGo } from "../../../airgap/toolchain/go.ts";
import { clearStaged, staged } from "../../../airgap/toolchain/staging.ts";
import { withLock } from "../../../lib/lock.ts";
import { say } from "../../../lib/progress.ts";

/** The version that is measured against. */
export const version = "v2.40.3";
const module = "github.com/docker/compose/v2";

/** Packages that are compiled between two lines of progress. */
const packagesAtATime = 200;

const goEnvironment = { CGO_ENABLED: "0", GOTOOLCHAIN: "local", GOWORK: "off", GOFLAGS: "" };

/**
 * The path of `docker-compose`, built first if it is not there: some minutes, and 1 GB in Go's own caches.
 * @throws XnaiError (machine) if there is no Go that is new enough; ExecaError if the build fails
 */
export async function composeTool(): Promise<string> {
  const folder = join(dirname(cacheFolder(process.env, "toolchain")), "bench", `docker-compose-${version}`);
  const file = join(folder, "docker-compose");
  if (existsSync(file)) return file;
  await mkdir(folder, { recursive: true });
  const wait = { onWait: () => say("another run builds Docker Compose: waiting for it") };
  await withLock(join(folder, "build.lock"), { command: "bench", subject: folder, wait }, async () => {
    if (existsSync(file)) return;
    await clearStaged(folder);
    await staged(folder, async (staging) => {
      await buildInto(staging);
      await rename(join(staging, "cmd"), file);
    });
  });
  return file;
}

/**
 * Leaves the command in `folder`, under the name of its package: `cmd`. In a module of its own, because `go install` takes
 * none whose go.mod excludes versions, as Compose's does.
 */
async function buildInto(folder: string): Promise<void> {
  const go = await findGo(cacheRoot(process.env), process.env, say);
  say(`Docker Compose ${version}: building from its Go module, some minutes the first time`);
  const options = {
    cwd: folder,
    env: { ...goEnvironment, GOTMPDIR: folder },
    stdin: "ignore",
    stdout: "ignore",
  } as const;
  await writeFile(join(folder, "go.mod"), "module xnai.local/bench\n");
  await execa(go, ["get", `${module}/cmd@${version}`], options);
  const flags = ["-v", "-trimpath", `-ldflags=-s -w -X ${module}/internal.Version=${version}`];
  const building = execa(go, ["build", ...flags, "-o", `${folder}/`, `${module}/cmd`], options);
  let packages = 0;
  for await (const line of building.iterable({ from: "stderr" })) {
    if (!/^[\w.~-]+(\/[\w.~-]+)*$/.test(line)) continue;
    packages++;
    if (packages % packagesAtATime === 0) say(`Docker Compose: ${packages} packages compiled`);
  }
  await building;
  say(`Docker Compose ${version}: built`);
}
