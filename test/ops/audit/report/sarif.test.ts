import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { describe, expect, it } from "vitest";
import { sarifReport } from "../../../../ops/audit/report/sarif.ts";
import { allRules } from "../../../../policies/rules/all.ts";
import { exemptions, report } from "./compose-report.ts";

describe("SARIF", () => {
  const schema = JSON.parse(
    readFileSync(createRequire(import.meta.url).resolve("schemastore/schemas/json/sarif-2.1.0.json"), "utf8"),
  );
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats.default(ajv);
  const valid = ajv.compile(schema);
  const log = JSON.parse(JSON.stringify(sarifReport(report({ settings: { exemptions } }), "0.1.0")));

  it("is valid by the schema of SARIF 2.1.0", () => {
    valid(log);
    expect(valid.errors ?? []).toEqual([]);
  });
  it("would not be valid with a line 0", () => {
    const wrong = structuredClone(log);
    wrong.runs[0].results[0].locations[0].physicalLocation.region.startLine = 0;
    expect(valid(wrong)).toBe(false);
  });
  it("has every rule with the score that GitHub sorts by", () => {
    const driver = log.runs[0].tool.driver;
    expect(driver.rules.map(({ id }: { id: string }) => id)).toEqual(allRules.map(({ name }) => name));
    expect(
      driver.rules.every(
        ({ properties }: { properties: Record<string, string> }) => Number(properties["security-severity"]) > 0,
      ),
    ).toBe(true);
  });
  it("points at the line, suppresses what is exempt, and keeps its fingerprints apart", () => {
    const results = log.runs[0].results as {
      ruleId: string;
      suppressions?: object[];
      partialFingerprints: Record<string, string>;
      locations: { physicalLocation: { region: { startLine: number } } }[];
    }[];
    expect(results.find(({ ruleId }) => ruleId === "no-docker-socket")?.suppressions).toHaveLength(1);
    expect(
      results.find(({ ruleId }) => ruleId === "port-never-published")?.locations[0]?.physicalLocation.region.startLine,
    ).toBe(81);
    const prints = results.map(({ partialFingerprints }) => partialFingerprints["xnaiPolicy/v1"]);
    expect(new Set(prints).size).toBeGreaterThan(prints.length * 0.9);
  });
});
