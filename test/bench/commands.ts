// How long our commands take, each beside `pulumi preview` of an empty program in the same run, so that figures from different
// machines can be compared.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { table } from "../../lib/table.ts";
import { median, Stopwatch, spread } from "./measure.ts";
import { must, pulumiEnv, type Result, type Subject } from "./part.ts";
import { emptyPack, newProgram } from "./programs.ts";

/** Times previews and ups. @param cold also the toolchain's build into an empty cache */
export async function commands({ stack, rounds }: Subject, cold: boolean): Promise<Result> {
  const watch = new Stopwatch();
  const empty = await newProgram(await pulumiEnv(stack), "export {};\n");
  const policies = ["--policy-pack", join(stack.folder, "policies")];
  const noPolicies = ["--policy-pack", await emptyPack(stack.folder)];
  const pulumi = async (...args: string[]) => must(await stack.pulumi([...args, "--stack", "dev"]));

  for (let round = 0; round < rounds; round++) {
    await watch.measure("pulumi preview, empty program", () =>
      execa("pulumi", ["preview", "--stack", "dev"], { cwd: empty.folder, env: empty.env }),
    );
    await watch.measure("xnai toolchain --check (warm)", async () => must(await stack.xnai(["toolchain", "--check"])));
    await watch.measure("pulumi preview, nothing to do", () => pulumi("preview"));
    await watch.measure("pulumi preview, nothing to do, with an empty pack", () => pulumi("preview", ...noPolicies));
    await watch.measure("pulumi preview, nothing to do, with policies", () => pulumi("preview", ...policies));
    await watch.measure("xnai preview, nothing to do", async () => must(await stack.xnai(["preview"])));
    await watch.measure("pulumi up, nothing to do, with policies", () => pulumi("up", "--yes", ...policies));
    await watch.measure("xnai up, nothing to do", async () => must(await stack.up()));
  }
  for (let round = 0; round < Math.min(rounds, 3); round++) {
    must(await stack.xnai(["destroy", "--yes"]));
    await watch.measure("xnai up, from nothing, images present", async () => must(await stack.up()));
  }
  if (cold) {
    const cache = await mkdtemp(join(tmpdir(), "xnai-cold-"));
    const env = { XDG_CACHE_HOME: cache, GOCACHE: join(cache, "go-build"), XNAI_TOOLCHAIN: "built" };
    await watch.measure("xnai toolchain, built with empty caches", async () =>
      must(await stack.xnai(["toolchain"], { env })),
    );
    await rm(cache, { recursive: true, force: true });
  }
  await rm(empty.folder, { recursive: true });
  const peer = median(watch.all("pulumi preview, empty program"));
  const rows = [...watch.measured].map(([name, list]) => [
    name,
    ...spread(list),
    `${(median(list) / peer).toFixed(2)}x`,
  ]);
  return {
    table: table(["what", "median s", "min", "max", "of the empty preview"], rows),
    figures: Object.fromEntries(watch.measured),
  };
}
