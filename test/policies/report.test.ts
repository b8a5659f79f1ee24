import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { describe, expect, it } from "vitest";
import { XnaiError } from "../../lib/errors.ts";
import { collectCompose } from "../../ops/audit/compose/compose.ts";
import { escapeMarkdown } from "../../ops/audit/markdown.ts";
import { jsonReport } from "../../ops/audit/report/json.ts";
import { markdownReport } from "../../ops/audit/report/markdown.ts";
import { activeRules, makeReport, reportCode, summary } from "../../ops/audit/report/report.ts";
import { sarifReport } from "../../ops/audit/report/sarif.ts";
import { textReport } from "../../ops/audit/report/text.ts";
import { collectState } from "../../ops/audit/state.ts";
import { parsePolicyConfig } from "../../policies/config.ts";
import { evaluate } from "../../policies/evaluate.ts";
import { dockerTypes } from "../../policies/facts/pulumi.ts";
import { allRules } from "../../policies/rules/all.ts";
import { goodStack, unknown } from "./support/stack.ts";

const compose = join(import.meta.dirname, "compose/docker-compose.yml");
const report = (config: object = {}, today = "2030-01-01") => {
  const parsed = parsePolicyConfig(config, "test");
  const collected = collectCompose(compose, {});
  return makeReport(collected, evaluate(collected.facts, parsed, { today }), activeRules(parsed.level));
};
const exemptions = [
  { rule: "no-docker-socket", resource: "rag_api", reason: "until the API has moved", expires: "2030-06-30" },
];

describe("the report as text", () => {
  const text = stripVTControlCharacters(textReport(report({ settings: { exemptions } })));
  it("goes from critical to advice, and ends with a summary", () => {
    const order = ["\ncritical", "\nhigh", "\nmedium", "\nadvice", "\nexempt", "\nnot read", "violations ("].map(
      (part) => text.indexOf(part),
    );
    expect(order.every((at) => at > 0)).toBe(true);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });
  it("says the same thing about many services once, with every place", () => {
    expect(text).toMatch(
      /redis, qdrant, rag_api, chainlit_ui, vikunja-db, vikunja: may gain privileges .*docker-compose\.yml:12, 26, 38, 54, 61, 73/,
    );
  });
  it("shows exemptions with reason and date", () => {
    expect(text).toContain("Accepted until 2030-06-30: until the API has moved.");
  });
});

it("ends with 5 for a violation and 0 for advice alone", () => {
  expect(reportCode(report())).toBe(5);
  expect(reportCode(report({ all: "advisory" }))).toBe(0);
  expect(summary(report({ all: "disabled" }))).toBe("no violation, 0 rules passed on 8 resources");
});

it("is the same as JSON", () => {
  const json = jsonReport(report({ settings: { exemptions } })) as {
    summary: Record<string, number>;
    findings: { status: string; place: { line: number } }[];
  };
  expect(json.summary.violations).toBe(
    json.findings.filter(({ status }) => status === "violation").length - (json.summary.advice ?? 0),
  );
  expect(json.findings.some(({ status }) => status === "exempt")).toBe(true);
  expect(json.findings.every(({ place }) => place.line > 0)).toBe(true);
});

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

describe("Markdown", () => {
  it("begins with the mark of its comment and counts", () => {
    const text = markdownReport(report({ settings: { exemptions } }));
    expect(text.split("\n")[0]).toBe("<!-- xnai-policies -->");
    expect(text).toContain("**critical**");
    expect(text).toContain("<details><summary>Exempt (1)</summary>");
  });
  it("lets no name become markup, a mention or a link", () => {
    expect(escapeMarkdown("<img src=x> @someone [a](http://b) `c`\n# d")).toBe(
      "\\<img src=x\\> @\u200bsomeone \\[a\\](http:\u200b//b) \\`c\\` \\# d",
    );
  });
});

describe("an exported state", () => {
  const written = (state: unknown) => {
    const file = join(mkdtempSync(join(tmpdir(), "xnai-state-")), "state.json");
    writeFileSync(file, typeof state === "string" ? state : JSON.stringify(state));
    return file;
  };
  const state = (resources: object[]) => written({ version: 3, deployment: { resources } });
  const of = (file: string) => evaluate(collectState(file).facts, parsePolicyConfig({ all: "mandatory" }, "test"));
  const resources = goodStack().map(({ urn, type, props, retained }) => ({
    urn,
    type,
    inputs: props,
    retainOnDelete: retained,
  }));

  it("that is right passes", () => expect(of(state(resources))).toEqual([]));

  it("is judged by its inputs, with the line of the program", () => {
    const open = resources.map((each) =>
      each.urn.endsWith("Container::redis")
        ? {
            ...each,
            inputs: { ...(each.inputs as object), ports: [{ internal: 6379, external: 6379, ip: "0.0.0.0" }] },
            sourcePosition: "project:///components/redis.ts#12,3",
          }
        : each,
    );
    const file = state(open);
    const [finding, ...others] = of(file);
    expect(others).toEqual([]);
    expect(finding?.rule.name).toBe("port-bound-to-loopback");
    expect(finding && collectState(file).place(finding)).toEqual({ file: "components/redis.ts", line: 12 });
  });

  it("sees a volume that a destroy would delete", () => {
    const file = state(resources.map((each) => ({ ...each, retainOnDelete: false })));
    expect(of(file).map(({ rule }) => rule.name)).toEqual(["volume-retained"]);
  });

  it("leaves encrypted and unknown values undecided, and passes over what is being deleted", () => {
    const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "x" };
    const [redis] = resources.filter(({ urn }) => urn.endsWith("Container::redis"));
    const hidden = { ...redis, inputs: { ...(redis?.inputs as object), envs: [secret, unknown, "A=1"] } };
    const findings = of(
      state([
        ...resources.filter((each) => each !== redis),
        hidden,
        { ...redis, delete: true, inputs: { privileged: true } },
      ]),
    );
    expect(new Set(findings.map(({ status }) => status))).toEqual(new Set(["undecided"]));
  });

  it.each(["no json", "[]", "null", '{"deployment":null}'])("is refused when it is none: %s", (text) => {
    expect(() => collectState(written(text))).toThrow(XnaiError);
  });

  it("counts what is Docker's only", () => {
    expect(
      collectState(
        state([
          { urn: "a", type: "random:index/randomPassword:RandomPassword" },
          { urn: "b", type: dockerTypes.network },
        ]),
      ).facts,
    ).toHaveLength(1);
  });
});
