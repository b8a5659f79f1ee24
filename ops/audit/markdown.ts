// The report for a pull request's comment and a job's summary.
import type { Finding } from "../../policies/evaluate.ts";
import { exemptionNote, grouped, type Report, severities, summary } from "./report.ts";

/** The report as Markdown. The first line is a mark by which a comment is found again and updated in place. */
export function markdownReport(report: Report): string {
  const { collected, violations, advice, exempt, undecided } = report;
  const items = (findings: Finding[]) =>
    grouped(findings, collected).map(({ rule, message, places }) => {
      const where = places === "" ? "" : ` (${escaped(places)})`;
      return `- \`${rule.name}\` ${escaped(message)}${where}`;
    });
  const noted = exempt.map((finding) => ({ ...finding, message: finding.message + exemptionNote(finding) }));
  const lines = [
    "<!-- xnai-policies -->",
    `### Policies on \`${collected.title}\``,
    "",
    `${violations.length > 0 ? "❌" : "✅"} ${summary(report)}.`,
  ];
  for (const severity of severities) {
    const mine = items(violations.filter(({ rule }) => rule.severity === severity));
    if (mine.length > 0) lines.push("", `**${severity}**`, "", ...mine);
  }
  lines.push(...folded("Exempt", items(noted)));
  lines.push(...folded("Undecided until up", items(undecided)));
  lines.push(...folded("Advice", items(advice)));
  lines.push(
    ...folded(
      "Not read",
      collected.notes.map((note) => `- ${escaped(note)}`),
    ),
  );
  return `${lines.join("\n")}\n`;
}

function folded(title: string, lines: string[]): string[] {
  if (lines.length === 0) return [];
  return ["", `<details><summary>${title} (${lines.length})</summary>`, "", ...lines, "", "</details>"];
}

/** Names from a pull request must not become markup, mentions or links of the comment. */
export function escaped(text: string): string {
  return text
    .replace(/[\r\n]+/g, " ")
    .replace(/[\\`*_{}[\]<>#|~]/g, "\\$&")
    .replace(/@(?=\w)/g, "@\u200b")
    .replace(/(https?):\/\//g, "$1:\u200b//");
}
