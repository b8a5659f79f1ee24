// `npm run example`: the foundation as a stack of its own. Makes what a user has already (the configuration, the image of the
// programs), then runs `xnai up`, with the flags that it was given.
import { constants } from "node:fs";
import { copyFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import type Docker from "dockerode";
import { execa } from "execa";
import { finished } from "../../components/engine/api/images.ts";
import { imageRef } from "../../components/image-source.ts";
import { exitCode, inWords, XnaiError } from "../../lib/errors.ts";
import { say } from "../../lib/progress.ts";
import { configFile, stackConfig } from "../../ops/config-file.ts";
import { ensureEngine } from "../../ops/engine/connection/ensure.ts";
import { homeOf } from "../../ops/engine/connection/home.ts";
import { decideImageSource, provideImages } from "../../ops/engine/provide-images.ts";
import { root } from "../../ops/paths.ts";
import { localState } from "../../ops/pulumi/state.ts";

const stack = "foundation";
const programs = join(import.meta.dirname, "programs");

/** The image that every app of the example names. */
const image = "localhost/foundation/programs:latest";

/** Puts the configuration beside that of the other stacks; one that is there stays as its user made it. */
async function provideConfiguration(): Promise<void> {
  const from = join(import.meta.dirname, `Pulumi.${stack}.yaml`);
  const isThere = ({ code }: NodeJS.ErrnoException) => code === "EEXIST";
  await copyFile(from, configFile(stack), constants.COPYFILE_EXCL).catch((error) => {
    if (!isThere(error)) throw error;
  });
}

/** Builds the programs on the busybox that the stack has anyway. */
async function build(docker: Docker, base: string): Promise<void> {
  say(`building ${image}`);
  const src = await readdir(programs, { recursive: true });
  const answer = await docker.buildImage({ context: programs, src }, { t: image, buildargs: { BASE: base }, rm: true });
  await finished(docker, answer).catch(({ message }: Error) => {
    throw new XnaiError(exitCode.failed, `${image} cannot be built: ${message}`, "Run the same command again.");
  });
}

async function bringUp(flags: string[]): Promise<number> {
  await provideConfiguration();
  const state = localState(stack) ?? { resources: [], pending: [] };
  const written = stackConfig(stack);
  const consent = flags.includes("--yes") || flags.includes("-y");
  const { docker } = await ensureEngine({ consent, onProgress: say, home: homeOf(written, state) });
  const config = await decideImageSource(docker, stack, written, state);
  await provideImages(docker, stack, { ...config, apps: {} });
  await build(docker, imageRef(config, "busybox"));
  const up = ["ops/xnai.ts", "up", "--stack", stack, ...flags];
  return (
    (await execa(process.execPath, up, { cwd: root, stdio: "inherit", reject: false })).exitCode ?? exitCode.failed
  );
}

try {
  process.exitCode = await bringUp(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof XnaiError)) throw error;
  console.error(inWords(error));
  process.exitCode = error.code;
}
