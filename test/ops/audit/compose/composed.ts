// Compose files of one's own, read by the program that `npm test` brings itself.
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureComposeLoader } from "../../../../airgap/compose-loader/index.ts";
import { collectCompose } from "../../../../ops/audit/compose/compose.ts";
import type { ComposeRequest } from "../../../../ops/audit/compose/read.ts";
import { parsePolicyConfig } from "../../../../policies/config.ts";
import { evaluate } from "../../../../policies/evaluate.ts";
import type { ContainerFacts } from "../../../../policies/facts/model.ts";
import { residentLoader } from "../../../support/resident-loader.ts";

/** One for all files of a worker. */
const ask = residentLoader(await ensureComposeLoader((text) => console.error(text)));

/** What a request, or one file, holds; no variable of this process is in it. */
export function collected(what: string | ComposeRequest, environment: Record<string, string> = {}) {
  const read = collectCompose(typeof what === "string" ? { files: [what] } : what, environment, ask);
  const service = (name: string) => read.facts.find(({ label }) => label === name) as ContainerFacts;
  const findings = (config: object = {}) =>
    evaluate(read.facts, parsePolicyConfig({ all: "mandatory", ...config }, "test"));
  const broken = (rule: string) => findings().filter((each) => each.rule.name === rule && each.status === "violation");
  return { ...read, service, findings, broken };
}

/** A folder with files in it. */
export function folderOf(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), "xnai-compose-"));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

/** A compose file of one's own in a folder of its own. */
export function composed(text: string, files: Record<string, string> = {}, environment: Record<string, string> = {}) {
  const folder = folderOf({ "docker-compose.yml": text, ...files });
  return { ...collected(join(folder, "docker-compose.yml"), environment), folder };
}

/** A service `app` with these lines. */
export const one = (lines: string, more = "") =>
  composed(`services:\n  app:\n    image: redis\n${lines.replace(/^/gm, "    ")}\n${more}`);
