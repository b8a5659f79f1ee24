// One evaluation as a report: sorted, counted and summed up. The other files of this folder write it down.
import { type ExitCode, exitCode } from "../../../lib/errors.ts";
import type { PolicyConfig } from "../../../policies/config.ts";
import type { Finding } from "../../../policies/evaluate.ts";
import type { Severity } from "../../../policies/rule.ts";
import { allRules } from "../../../policies/rules/all.ts";
import type { AuditInput } from "../input.ts";

/** The worst first. */
export const severities: readonly Severity[] = ["critical", "high", "medium", "low"];

export interface Report {
  input: AuditInput;
  /** Violations of mandatory rules. */
  violations: Finding[];
  /** Violations of advisory rules. */
  advice: Finding[];
  exempt: Finding[];
  undecided: Finding[];
  /** Number of rules that found nothing to say. */
  passed: number;
}

/** @param active number of rules that are not disabled */
export function makeReport(input: AuditInput, findings: Finding[], active: number): Report {
  const withStatus = (status: Finding["status"]) => findings.filter((finding) => finding.status === status);
  const violated = withStatus("violation");
  return {
    input,
    violations: bySeverity(violated.filter(({ level }) => level === "mandatory")),
    advice: bySeverity(violated.filter(({ level }) => level === "advisory")),
    exempt: bySeverity(withStatus("exempt")),
    undecided: withStatus("undecided"),
    passed: active - new Set(findings.map(({ rule }) => rule.name)).size,
  };
}

function bySeverity(findings: Finding[]): Finding[] {
  const rank = ({ rule }: Finding) => severities.indexOf(rule.severity) * allRules.length + allRules.indexOf(rule);
  return findings.toSorted((a, b) => rank(a) - rank(b));
}

/** Number of rules that a configuration leaves on. */
export function activeRules(level: PolicyConfig["level"]): number {
  return allRules.filter((rule) => level(rule) !== "disabled").length;
}

/** 5 when a mandatory rule is broken, else 0. */
export function reportCode({ violations }: Report): ExitCode {
  return violations.length > 0 ? exitCode.policy : exitCode.done;
}

/** One line that says how it went. */
export function summary({ input, violations, advice, exempt, undecided, passed }: Report): string {
  const counts = severities
    .map((severity) => [severity, violations.filter(({ rule }) => rule.severity === severity).length] as const)
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => `${count} ${severity}`);
  const parts = [
    violations.length > 0 ? `${plural(violations.length, "violation")} (${counts.join(", ")})` : "no violation",
    advice.length > 0 ? `${advice.length} of advice` : "",
    exempt.length > 0 ? `${exempt.length} exempt` : "",
    undecided.length > 0 ? `${undecided.length} undecided` : "",
    `${passed} rules passed on ${plural(input.facts.length, "resource")}`,
  ];
  return parts.filter((part) => part !== "").join(", ");
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** What is added to the message of a finding that is exempt. */
export function exemptionNote({ exemption }: Finding): string {
  return exemption ? ` Accepted until ${exemption.expires}: ${exemption.reason}.` : "";
}
