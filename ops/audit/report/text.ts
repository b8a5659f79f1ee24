// The report for a terminal: by severity, then by rule.
import pc from "picocolors";
import type { Finding } from "../../../policies/evaluate.ts";
import type { Severity } from "../../../policies/rule.ts";
import { printable } from "../../../policies/say.ts";
import type { AuditInput } from "../input.ts";
import { grouped } from "./grouping.ts";
import { exemptionNote, type Report, severities, summary } from "./report.ts";

type Paint = (text: string) => string;

const paint: Record<Severity, Paint> = {
  critical: (text) => pc.bold(pc.red(text)),
  high: pc.red,
  medium: pc.yellow,
  low: pc.dim,
};

/** The report as text, with colours where the terminal has them. */
export function textReport(report: Report): string {
  const { input, violations, advice, exempt, undecided } = report;
  const lines = [`Policies on ${printable(input.title, 300)}`];
  for (const severity of severities) {
    const mine = violations.filter(({ rule }) => rule.severity === severity);
    lines.push(...section(severity, paint[severity], mine, input));
  }
  const noted = exempt.map((finding) => ({ ...finding, message: finding.message + exemptionNote(finding) }));
  lines.push(...section("advice", pc.dim, advice, input));
  lines.push(...section("exempt", pc.dim, noted, input));
  lines.push(...section("undecided", pc.dim, undecided, input));
  if (input.notes.length > 0)
    lines.push("", pc.bold("not read"), ...input.notes.map((note) => `  ${printable(note, 500)}`));
  const verdict = violations.length > 0 ? pc.red("✗") : pc.green("✓");
  return [...lines, "", `${verdict} ${summary(report)}`].join("\n");
}

function section(title: string, color: Paint, findings: Finding[], input: AuditInput): string[] {
  if (findings.length === 0) return [];
  const lines = ["", color(title)];
  for (const [rule, groups] of Map.groupBy(grouped(findings, input), (group) => group.rule)) {
    lines.push(`  ${pc.bold(rule.name)}  ${pc.dim(rule.title)}`);
    for (const { message, places } of groups) lines.push(`    ${message}${places && pc.dim(`  ${places}`)}`);
  }
  return lines;
}
