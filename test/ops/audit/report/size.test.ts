// However much there is to say, a report has an end, and says what it left out.
import { expect, it } from "vitest";
import { jsonReport } from "../../../../ops/audit/report/json.ts";
import { markdownReport } from "../../../../ops/audit/report/markdown.ts";
import { activeRules, makeReport, reportCode, summary } from "../../../../ops/audit/report/report.ts";
import { sarifReport } from "../../../../ops/audit/report/sarif.ts";
import { textReport } from "../../../../ops/audit/report/text.ts";
import { parsePolicyConfig } from "../../../../policies/config.ts";
import { evaluate } from "../../../../policies/evaluate.ts";
import { collected, composed, folderOf } from "../compose/composed.ts";

function reported({ facts, ...input }: ReturnType<typeof collected>) {
  const config = parsePolicyConfig({}, "test");
  const findings = evaluate(facts, config);
  return { findings, report: makeReport({ facts, ...input }, findings, activeRules(config.level)) };
}

function all(report: ReturnType<typeof makeReport>): string[] {
  const json = JSON.stringify(jsonReport(report));
  return [textReport(report), json, JSON.stringify(sarifReport(report, "1.0.0")), markdownReport(report)];
}

it("a port range is one finding, however long", () => {
  const { findings, report } = reported(
    composed(
      'services:\n  turn:\n    image: coturn/coturn:4.6\n    ports: ["49152-65535:49152-65535/udp", "1-65535:1-65535", "1-65535:1-65535/udp"]\n',
    ),
  );
  const bound = findings.filter(({ rule }) => rule.name === "port-bound-to-loopback");
  expect(bound.map(({ path }) => path)).toEqual(["ports[0]", "ports[1]", "ports[2]"]);
  expect(bound[0]?.message).toContain("49152-65535");
  for (const text of all(report)) expect(text.length).toBeLessThan(200_000);
});

it("500 services that share a volume get one piece of advice each, which names a few others", () => {
  const services = Array.from({ length: 500 }, (_, i) => `  s${i}: { image: "redis:1", volumes: ["data:/data"] }`);
  const { findings, report } = reported(composed(`services:\n${services.join("\n")}\nvolumes: { data: {} }\n`));
  const shared = findings.filter(({ rule }) => rule.name === "volume-written-by-one");
  expect(shared).toHaveLength(500);
  expect(shared[0]?.message).toContain("s1, s2, s3 and 496 others");
  expect(Math.max(...findings.map(({ message }) => message.length))).toBeLessThan(600);
  const [text = "", json = "", , markdown = ""] = all(report);
  expect(report.violations).toHaveLength(5000);
  expect(reportCode(report)).toBe(5);
  const { violations, advice } = report.counts;
  expect(violations).toBeGreaterThan(5000);
  expect(summary(report)).toContain(`${violations} violations`);
  for (const output of [text, json]) {
    expect(output).toContain(`${findings.length - 5000} findings are counted, but not listed: the 5000 worst are.`);
  }
  expect(JSON.parse(json).summary).toMatchObject({ violations, advice });
  expect(text).toMatch(/s0, s1, .*s19 and 480 more: may gain privileges .*:2, 3, .*21 and 480 more/);
  expect(markdown.length).toBeLessThan(65_536);
}, 60_000);

it("Markdown fits into a comment, and says how much does not", () => {
  const services = Array.from(
    { length: 500 },
    (_, i) => `  s${i}: { image: "redis:1", ports: ["${10_000 + i}:${i + 1}"] }`,
  );
  const markdown = markdownReport(reported(composed(`services:\n${services.join("\n")}\n`)).report);
  expect(markdown.length).toBeLessThan(65_536);
  expect(markdown).toMatch(/\n\d+ more lines are left out here\.\n$/);
}, 60_000);

it("no name brings a line break or a control character into a terminal or a log", () => {
  const odd = JSON.stringify("\u001b[31mred\n::error::x\r\u202e");
  const { report } = reported(
    composed(
      `services:\n  app:\n    image: ${odd}\n    container_name: same\n    ports: ["80:80"]\n    volumes: [{ type: bind, source: ${odd}, target: /x }]\n` +
        `    environment: { ${odd}: x }\n    cap_add: [${odd}]\n    networks: [${odd}]\n  b: { image: x, container_name: same, devices: [{ source: ${odd}, target: /x }] }\nnetworks: { "n": {} }\n`.replace(
          `networks: [${odd}]`,
          "networks: [n]",
        ),
    ),
  );
  for (const output of all(report)) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
    expect(output.replace(/\u001b\[\d+m/g, "")).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(output).not.toMatch(/^\s*::error::/m);
  }
});

it("notes are bounded too", () => {
  const files = Array.from({ length: 500 }, (_, i) => `  s${i}: { build: . }`);
  const { report } = reported(collected(folderOf({ "compose.yml": `services:\n${files.join("\n")}\n` })));
  expect(report.input.notes.length).toBeLessThan(210);
  expect(report.input.notes.join("\n")).toContain("300 more notes like these are left out.");
}, 60_000);
