// `npm run bench`: how long things take, each beside `pulumi preview` of an empty program in the same run, so that figures
// from different machines can be compared. A report, no threshold. `--cold` also builds the toolchain into an empty cache,
// `--rounds N` sets how often each is measured (default 5). Uses an engine of its own, as the e2e tests do.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { execa } from "execa";
import { table } from "../../lib/table.ts";
import { TestStack } from "../support/stack.ts";
import { startTestEngine } from "../support/test-engine.ts";
import { growth } from "./growth.ts";
import { median, seconds, sorted } from "./measure.ts";
import { emptyPack, newProgram } from "./programs.ts";

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "5" }, cold: { type: "boolean", default: false } },
});
const rounds = Number(values.rounds);

function must({ exitCode, all }: { exitCode: number; all: string }): void {
  if (exitCode !== 0) throw new Error(all);
}

async function main(): Promise<void> {
  const engine = await startTestEngine(`xnai-bench-${process.pid}`);
  process.env.DOCKER_HOST = engine.host;
  const stack = await TestStack.create("bench");
  try {
    const printed = await stack.xnai(["env"]);
    must(printed);
    const env = Object.fromEntries(
      printed.stdout.split("\n").flatMap((line) => {
        const [, name, value] = /^export (\w+)='(.*)'$/.exec(line) ?? [];
        return name && value !== undefined ? [[name, value]] : [];
      }),
    );
    const empty = await newProgram(env, "export {};\n");
    const policies = ["--policy-pack", join(stack.folder, "policies")];
    const noPolicies = ["--policy-pack", await emptyPack(stack.folder)];
    const pulumi = async (...args: string[]) => must(await stack.pulumi([...args, "--stack", "dev"]));
    const measured = new Map<string, number[]>();
    const measure = async (name: string, work: () => Promise<unknown>) =>
      measured.set(name, [...(measured.get(name) ?? []), await seconds(work)]);

    await stack.mustUp();
    for (let round = 0; round < rounds; round++) {
      await measure("pulumi preview, empty program", () =>
        execa("pulumi", ["preview", "--stack", "dev"], { cwd: empty.folder, env: empty.env }),
      );
      await measure("xnai toolchain --check (warm)", async () => must(await stack.xnai(["toolchain", "--check"])));
      await measure("pulumi preview, nothing to do", () => pulumi("preview"));
      await measure("pulumi preview, nothing to do, with an empty pack", () => pulumi("preview", ...noPolicies));
      await measure("pulumi preview, nothing to do, with policies", () => pulumi("preview", ...policies));
      await measure("xnai preview, nothing to do", async () => must(await stack.xnai(["preview"])));
      await measure("pulumi up, nothing to do, with policies", () => pulumi("up", "--yes", ...policies));
      await measure("xnai up, nothing to do", async () => must(await stack.up()));
    }
    for (let round = 0; round < Math.min(rounds, 3); round++) {
      must(await stack.xnai(["destroy", "--yes"]));
      await measure("xnai up, from nothing, images present", async () => must(await stack.up()));
    }
    if (values.cold) {
      const cache = await mkdtemp(join(tmpdir(), "xnai-cold-"));
      const cold = { XDG_CACHE_HOME: cache, GOCACHE: join(cache, "go-build"), XNAI_TOOLCHAIN: "built" };
      await measure("xnai toolchain, built with empty caches", async () =>
        must(await stack.xnai(["toolchain"], { env: cold })),
      );
      await rm(cache, { recursive: true, force: true });
    }
    const peer = median(measured.get("pulumi preview, empty program") ?? []);
    const rows = [...measured].map(([name, list]) => {
      const all = sorted(list);
      return [
        name,
        ...[median(all), all[0] ?? 0, all.at(-1) ?? 0].map((item) => item.toFixed(2)),
        `${(median(all) / peer).toFixed(2)}x`,
      ];
    });
    console.log(table(["what", "median s", "min", "max", "of the empty preview"], rows));
    console.log(await growth(env, join(stack.folder, "policies"), Math.min(rounds, 3)));
  } finally {
    await stack.close().catch((error: Error) => console.error(error.message));
    await engine.stop();
  }
}

await main();
