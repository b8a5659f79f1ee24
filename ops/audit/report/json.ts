// The report for programs.
import type { Report } from "./report.ts";

/** The report as data that can be written as JSON. Stable: fields are added, never renamed. */
export function jsonReport({ input, violations, advice, exempt, undecided, passed }: Report): object {
  return {
    version: 1,
    source: input.title,
    summary: {
      violations: violations.length,
      advice: advice.length,
      exempt: exempt.length,
      undecided: undecided.length,
      passed,
    },
    findings: [...violations, ...advice, ...exempt, ...undecided].map((finding) => ({
      rule: finding.rule.name,
      area: finding.rule.area,
      severity: finding.rule.severity,
      level: finding.level,
      status: finding.status,
      resource: finding.subject.label,
      id: finding.subject.id,
      path: finding.path,
      message: finding.message,
      place: input.place(finding),
      exemption: finding.exemption,
    })),
    notes: input.notes,
  };
}
