// What the README shows of a report is what the report says.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { activeRules, makeReport } from "../../../ops/audit/report/report.ts";
import { textReport } from "../../../ops/audit/report/text.ts";
import { parsePolicyConfig } from "../../../policies/config.ts";
import { evaluate } from "../../../policies/evaluate.ts";
import { collected } from "./compose/composed.ts";

const root = join(import.meta.dirname, "../../..");

test("the compose file's report in the README", () => {
  const block = /\$ npm run policy -- --compose (\S+)\n([\s\S]*?)\n```/.exec(
    readFileSync(join(root, "README.md"), "utf8"),
  );
  const [, file = "", text = ""] = block ?? [];
  const read = collected(join(root, file));
  const config = parsePolicyConfig({}, "test");
  const report = stripVTControlCharacters(
    textReport(makeReport(read, evaluate(read.facts, config), activeRules(config.level))),
  );
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "...");
  expect(lines.length).toBeGreaterThan(8);
  for (const line of lines) expect(report).toContain(line);
});
