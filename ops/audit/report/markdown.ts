// The report for the comment on a pull request and the summary of a job.
import type { Finding } from "../../../policies/evaluate.ts";
import { printable } from "../../../policies/say.ts";
import { escapeMarkdown } from "../markdown.ts";
import { grouped } from "./grouping.ts";
import { exemptionNote, type Report, severities, summary } from "./report.ts";

/** GitHub takes no comment of more than 65,536 characters. */
const longest = 60_000;

/** The report as Markdown. The first line is a mark by which a comment is found again and updated in place. */
export function markdownReport(report: Report): string {
  const { input, violations, advice, exempt, undecided } = report;
  const items = (findings: Finding[]) =>
    grouped(findings, input).map(({ rule, message, places }) => {
      const where = places === "" ? "" : ` (${escapeMarkdown(places)})`;
      return `- \`${rule.name}\` ${escapeMarkdown(message)}${where}`;
    });
  const noted = exempt.map((finding) => ({ ...finding, message: finding.message + exemptionNote(finding) }));
  const lines = [
    "<!-- xnai-policies -->",
    `### Policies on \`${printable(input.title, 300).replaceAll("`", "'")}\``,
    "",
    `${violations.length > 0 ? "❌" : "✅"} ${summary(report)}.`,
  ];
  for (const severity of severities) {
    const mine = items(violations.filter(({ rule }) => rule.severity === severity));
    if (mine.length > 0) lines.push("", `**${severity}**`, "", ...mine);
  }
  const notes = input.notes.map((note) => `- ${escapeMarkdown(printable(note, 500))}`);
  lines.push(...folded("Exempt", items(noted)));
  lines.push(...folded("Undecided until up", items(undecided)));
  lines.push(...folded("Advice", items(advice)));
  lines.push(...folded("Not read", notes));
  return `${cut(lines).join("\n")}\n`;
}

/** As many lines as a comment holds, and how many are left out. */
function cut(lines: string[]): string[] {
  let length = 0;
  const fits = lines.findIndex((line) => {
    length += line.length + 1;
    return length > longest;
  });
  if (fits < 0) return lines;
  const kept = lines.slice(0, fits);
  const isOpen = kept.lastIndexOf("</details>") < kept.findLastIndex((line) => line.startsWith("<details>"));
  return [...kept, ...(isOpen ? ["", "</details>"] : []), "", `${lines.length - fits} more lines are left out here.`];
}

function folded(title: string, lines: string[]): string[] {
  if (lines.length === 0) return [];
  return ["", `<details><summary>${title} (${lines.length})</summary>`, "", ...lines, "", "</details>"];
}
