// How long our commands take, each beside `pulumi preview` of an empty program in the same round, so that figures from
// different machines can be compared.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { TestStack } from "../support/stack.ts";
import { Pairs, Stopwatch, seconds } from "./measure.ts";
import { must, pulumiEnv, type Subject } from "./part.ts";
import { emptyPack, newProgram } from "./programs.ts";
import type { Found } from "./report/figures.ts";

/** Times previews and ups with nothing to do. Leaves the stack up. */
export async function commands({ stack, rounds, cold, keep }: Subject): Promise<Found> {
  await stack.mustUp();
  const [pairs, watch] = [new Pairs(), new Stopwatch()];
  const env = await pulumiEnv(stack);
  const empty = await newProgram(env, "export {};\n");
  const pullRequest = await TestStack.create("bench-pull-request");
  const ours = ["--policy-pack", join(stack.folder, "policies")];
  const ruleless = ["--policy-pack", await emptyPack(stack.folder)];
  const pulumi =
    (...args: string[]) =>
    () =>
      execa("pulumi", [...args, "--stack", "dev"], { cwd: stack.folder, env });
  const xnai =
    (...args: string[]) =>
    async () =>
      must(await stack.xnai(args));

  for (let round = 0; round < rounds; round++) {
    // The round before has ended with a bare `pulumi up`, and another state than the last `xnai up` left is looked at whole.
    await watch.measure("`xnai up`, nothing to do after a bare `pulumi up`", xnai("up", "--yes"));
    await pairs.time("upNothingToDo", "ours", xnai("up", "--yes"));
    const least = await seconds(() =>
      execa("pulumi", ["preview", "--stack", "dev"], { cwd: empty.folder, env: empty.env }),
    );
    pairs.add("upNothingToDo", "peer", least);
    await forgotten(pullRequest);
    await pairs.time("previewNoEngine", "ours", () => previewWithoutEngine(pullRequest));
    pairs.add("previewNoEngine", "peer", least);

    const bare = await watch.measure("`pulumi preview`", pulumi("preview"));
    pairs.add("pack", "ours", (await watch.measure("`pulumi preview`, policies", pulumi("preview", ...ours))) - bare);
    pairs.add("pack", "peer", (await seconds(pulumi("preview", ...ruleless))) - bare);
    await watch.measure("`xnai preview`", xnai("preview"));
    await watch.measure("`pulumi up`, policies", pulumi("up", "--yes", ...ours));
    await watch.measure("`xnai toolchain --check`", xnai("toolchain", "--check"));
    keep({ compared: pairs.compared, commands: watch.measured });
  }
  if (cold) await watch.measure("`xnai toolchain`, built with empty caches", () => builtCold(stack));
  await rm(empty.folder, { recursive: true });
  await rm(join(pullRequest.folder, ".."), { recursive: true });
  return { compared: pairs.compared, commands: watch.measured };
}

/** Takes the state away that a preview has made, and the configuration's salt with it. */
async function forgotten(stack: TestStack): Promise<void> {
  for (const made of [".xnai", "Pulumi.dev.yaml"]) await rm(join(stack.folder, made), { recursive: true, force: true });
  await stack.configure({});
}

async function previewWithoutEngine(stack: TestStack): Promise<void> {
  must(await stack.xnai(["preview"], { env: { DOCKER_HOST: "unix:///nowhere/docker.sock" } }));
}

async function builtCold(stack: TestStack): Promise<void> {
  const cache = await mkdtemp(join(tmpdir(), "xnai-cold-"));
  const env = { XDG_CACHE_HOME: cache, GOCACHE: join(cache, "go-build"), XNAI_TOOLCHAIN: "built" };
  must(await stack.xnai(["toolchain"], { env }));
  await rm(cache, { recursive: true, force: true });
}
