// SARIF 2.1.0, as GitHub code scanning reads it: one run, every rule with its help, one result for each finding.
import { createHash } from "node:crypto";
import type { Finding } from "../../../policies/evaluate.ts";
import { termOf } from "../../../policies/exemptions.ts";
import type { Rule, Severity } from "../../../policies/rule.ts";
import { allRules } from "../../../policies/rules/all.ts";
import { printable, shown } from "../../../policies/say.ts";
import type { Report } from "./report.ts";

/** CVSS-like scores by which GitHub sorts: 9 and more is critical, 7 high, 4 medium. */
const scores: Record<Severity, string> = { critical: "9.5", high: "8.0", medium: "5.5", low: "3.0" };

/** The report as a SARIF log. */
export function sarifReport(report: Report, version: string): object {
  const { violations, advice, exempt, undecided } = report;
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "xnai-policies", version, rules: allRules.map(descriptor) } },
        automationDetails: { id: `xnai-policies/${printable(report.input.title, 300)}` },
        results: [...violations, ...advice, ...exempt, ...undecided].map((finding) => result(finding, report)),
      },
    ],
  };
}

function descriptor(rule: Rule): object {
  const { cis = [], kics = [], docs } = rule.references;
  const references = [...cis.map((number) => `CIS Docker ${number}`), ...kics.map((name) => `KICS: ${name}`), docs];
  const also = references.filter((each) => each !== undefined).join("; ");
  const text = `${rule.title} ${rule.why}${also ? ` (${also})` : ""}`;
  return {
    id: rule.name,
    name: rule.name,
    shortDescription: { text: rule.title },
    fullDescription: { text: `${rule.title} ${rule.why}` },
    help: { text, markdown: text },
    defaultConfiguration: { level: rule.level === "mandatory" ? "error" : "warning" },
    properties: { tags: ["security", rule.area], "security-severity": scores[rule.severity], precision: "high" },
  };
}

function result(finding: Finding, { input }: Report): object {
  const { rule, subject, status, level, message, path, exemption } = finding;
  const { file, line } = input.place(finding);
  return {
    ruleId: rule.name,
    ruleIndex: allRules.indexOf(rule),
    level: status === "undecided" ? "note" : level === "mandatory" ? "error" : "warning",
    message: { text: message },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: encodeURI(file) }, region: { startLine: line } },
        logicalLocations: [
          { name: shown(subject.label, "name"), fullyQualifiedName: shown(subject.id, "name"), kind: "resource" },
        ],
      },
    ],
    partialFingerprints: { "xnaiPolicy/v1": fingerprint([rule.name, subject.id, path, status]) },
    ...(status === "exempt" && exemption
      ? {
          suppressions: [
            { kind: "external", status: "accepted", justification: `${exemption.reason} (${termOf(exemption)})` },
          ],
        }
      : {}),
  };
}

/** The same finding in the next run has the same one, wherever its line has moved to. */
function fingerprint(parts: string[]): string {
  return createHash("sha256").update(parts.join("\0")).digest("hex").slice(0, 32);
}
