// What more and more apps of the smallest kind cost: a straight line, or not.
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { ensureImages } from "../../airgap/images/index.ts";
import { localImage } from "../../airgap/images/names.ts";
import { TestStack } from "../support/stack.ts";
import { seconds } from "./measure.ts";
import { must, type Subject } from "./part.ts";
import type { AppFigures, Found } from "./report/figures.ts";

const sizes = [10, 25, 50];

const prefix = "bench-apps";
const image = { repo: "localhost/xnai-bench/app", tag: "latest" };

/** So many, each at a path of its own. */
const apps = (count: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, i) => [
      `app${i}`,
      {
        image: `${image.repo}:${image.tag}`,
        entrypoint: ["sh", "-c"],
        command: ["trap exit TERM; while :; do sleep 1; done"],
        health: { command: ["true"] },
        route: { path: `/app${i}`, port: 8000 },
        limits: { memoryMiB: 16 },
      },
    ]),
  );

/** Once each: they take minutes. Takes the stack down, whose ports its own needs; leaves nothing up. */
export async function growthOfApps({ stack, keep }: Subject): Promise<Found> {
  must(await stack.xnai(["destroy", "--yes"]));
  await ensureImages({ docker: stack.docker, names: ["busybox"] });
  await stack.docker.getImage(localImage("busybox")).tag(image);
  const services = { consul: false, qdrant: false, vikunja: false, postgres: false };
  const own = await TestStack.create(prefix, { services });
  const found: Record<string, AppFigures> = {};
  const timed = (...args: string[]) => seconds(async () => must(await own.xnai(args)));
  for (const size of sizes) {
    await own.configure({ apps: apps(size) });
    const up = await timed("up", "--yes");
    const preview = await timed("preview");
    const nothing = await timed("up", "--yes", "--refresh");
    await own.configure({ redis: { maxMemoryMiB: 256 } });
    const edit = await timed("up", "--yes");
    must(await own.xnai(["destroy", "--yes"]));
    await own.configure({ redis: undefined });
    found[size] = { preview, up, nothing, edit };
    keep({ apps: found });
  }
  await own.close();
  await rm(join(own.folder, ".."), { recursive: true, force: true });
  return { apps: found };
}
