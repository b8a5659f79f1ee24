// Writes docs/engines.json and the page that is made of it.
import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { engines } from "../catalogue.ts";
import { enginesPage } from "./page.ts";
import type { EngineResult } from "./results.ts";

const root = join(import.meta.dirname, "../../../..");
const resultsFile = join(root, "docs", "engines.json");

const known = (): EngineResult[] =>
  existsSync(resultsFile) ? (JSON.parse(readFileSync(resultsFile, "utf8")) as EngineResult[]) : [];

/** Both files; engines that were not tried keep what was found out earlier. */
export async function writeResults(fresh: readonly EngineResult[]): Promise<void> {
  const all = engines.flatMap(({ name }) => [...fresh, ...known()].find((each) => each.name === name) ?? []);
  await writeFile(resultsFile, JSON.stringify(all));
  // Short lists in lines, as the style of the project has them.
  await execa("biome", ["format", "--write", resultsFile], { preferLocal: true, localDir: root });
  await rewritePage();
}

/** The page alone, from the results that are there. */
export const rewritePage = () => writeFile(join(root, "docs", "engines.md"), enginesPage(known()));
