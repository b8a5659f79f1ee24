// How long `npm test` takes in a fresh clone, and again in the same one: once each, because it takes as long as it does.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { Pairs } from "./measure.ts";
import { outside } from "./outside.ts";
import type { Subject } from "./part.ts";
import type { Found } from "./report/figures.ts";

/** Of the last commit: what is not committed is not measured. `npm ci` does not count. */
export async function npmTest({ keep }: Pick<Subject, "keep">): Promise<Found> {
  const pairs = new Pairs();
  const folder = await mkdtemp(join(tmpdir(), "xnai-clone-"));
  const checkout = join(import.meta.dirname, "..", "..");
  try {
    await execa("git", ["clone", "--quiet", checkout, folder]);
    await outside(["npm", "ci", "--no-audit", "--no-fund"], { cwd: folder });
    const test = () => outside(["npm", "test"], { cwd: folder });
    await pairs.time("testFresh", "ours", test);
    keep({ compared: pairs.compared });
    await pairs.time("testUsed", "ours", test);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return { compared: pairs.compared };
}
