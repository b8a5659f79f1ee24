import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { escapeMarkdown } from "../../../../ops/audit/markdown.ts";
import { jsonReport } from "../../../../ops/audit/report/json.ts";
import { markdownReport } from "../../../../ops/audit/report/markdown.ts";
import { reportCode, summary } from "../../../../ops/audit/report/report.ts";
import { textReport } from "../../../../ops/audit/report/text.ts";
import { exemptions, report } from "./compose-report.ts";

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
