// Writes docs/performance.json and the page that is made of it.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import type { Figures, Found } from "./figures.ts";
import { performancePage } from "./page.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const figuresFile = join(root, "docs", "performance.json");

/** As JSON, with five digits of each figure. */
export const written = (found: Found): string =>
  `${JSON.stringify(found, (_, value) => (typeof value === "number" ? Number(value.toPrecision(5)) : value), 2)}\n`;

/** Both files. */
export async function writeReport(figures: Figures): Promise<void> {
  const text = written(figures);
  await writeFile(figuresFile, text);
  // Lists of figures in lines, as the style of the project has them.
  await execa("biome", ["format", "--write", figuresFile], { preferLocal: true, localDir: root });
  await rewritePage();
}

/** The page alone, from the figures that are there. */
export async function rewritePage(): Promise<void> {
  const figures = JSON.parse(await readFile(figuresFile, "utf8")) as Figures;
  await writeFile(join(root, "docs", "performance.md"), performancePage(figures));
}
