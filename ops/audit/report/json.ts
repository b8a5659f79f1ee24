// The report for programs.
import { printable, shown } from "../../../policies/say.ts";
import type { Report } from "./report.ts";

/** The report as data that can be written as JSON. Stable: fields are added, never renamed. */
export function jsonReport({ input, counts, violations, advice, exempt, undecided, passed }: Report): object {
  return {
    version: 1,
    source: printable(input.title, 300),
    summary: {
      violations: counts.violations,
      advice: counts.advice,
      exempt: counts.exempt,
      undecided: counts.undecided,
      passed,
    },
    findings: [...violations, ...advice, ...exempt, ...undecided].map((finding) => ({
      rule: finding.rule.name,
      area: finding.rule.area,
      severity: finding.rule.severity,
      level: finding.level,
      status: finding.status,
      resource: shown(finding.subject.label, "name"),
      id: shown(finding.subject.id, "name"),
      path: shown(finding.path, "property"),
      message: finding.message,
      place: input.place(finding),
      exemption: finding.exemption,
    })),
    notes: input.notes.map((note) => printable(note, 500)),
  };
}
