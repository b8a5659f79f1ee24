// One evaluation as a report: counted, sorted, and as text for a terminal or as JSON.
import pc from "picocolors";
import { type ExitCode, exitCode } from "../../lib/errors.ts";
import type { Finding } from "../../policies/evaluate.ts";
import type { Severity } from "../../policies/rule.ts";
import { allRules } from "../../policies/rules/all.ts";
import type { Collected, Place } from "./collect.ts";

export const severities: readonly Severity[] = ["critical", "high", "medium", "low"];

export interface Report {
  collected: Collected;
  violations: Finding[];
  /** Violations of rules that only advise. */
  advice: Finding[];
  exempt: Finding[];
  undecided: Finding[];
  /** Rules that found nothing to say. */
  passed: number;
}

export function makeReport(collected: Collected, findings: Finding[], active: number): Report {
  const of = (status: Finding["status"]) => findings.filter((finding) => finding.status === status);
  const violated = of("violation");
  return {
    collected,
    violations: bySeverity(violated.filter(({ level }) => level === "mandatory")),
    advice: bySeverity(violated.filter(({ level }) => level === "advisory")),
    exempt: bySeverity(of("exempt")),
    undecided: bySeverity(of("undecided")),
    passed: active - new Set(findings.map(({ rule }) => rule.name)).size,
  };
}

/** 5 when a mandatory rule is broken, else 0. */
export function reportCode({ violations }: Report): ExitCode {
  return violations.length > 0 ? exitCode.policy : exitCode.done;
}

/** One line that says how it went. */
export function summary({ collected, violations, advice, exempt, undecided, passed }: Report): string {
  const counts = severities.map(
    (severity) => [severity, violations.filter(({ rule }) => rule.severity === severity).length] as const,
  );
  const inside = counts.filter(([, count]) => count > 0).map(([severity, count]) => `${count} ${severity}`);
  const parts = [
    violations.length > 0 ? `${plural(violations.length, "violation")} (${inside.join(", ")})` : "no violation",
    advice.length > 0 ? `${advice.length} of advice` : "",
    exempt.length > 0 ? `${exempt.length} exempt` : "",
    undecided.length > 0 ? `${undecided.length} undecided` : "",
    `${passed} rules passed on ${plural(collected.facts.length, "resource")}`,
  ];
  return parts.filter((part) => part !== "").join(", ");
}

/** The report for a terminal: by severity, then by rule. */
export function textReport(report: Report): string {
  const { collected, violations, advice, exempt, undecided } = report;
  const lines = [`Policies on ${collected.title}`];
  for (const severity of severities) {
    const mine = violations.filter(({ rule }) => rule.severity === severity);
    lines.push(...section(severity, paint[severity], mine, collected));
  }
  lines.push(...section("advice", pc.dim, advice, collected));
  lines.push(...section("exempt", pc.dim, exempt, collected, exemptionNote));
  lines.push(...section("undecided", pc.dim, undecided, collected));
  if (collected.notes.length > 0) lines.push("", pc.bold("not read"), ...collected.notes.map((note) => `  ${note}`));
  const verdict = violations.length > 0 ? pc.red("✗") : pc.green("✓");
  return [...lines, "", `${verdict} ${summary(report)}`].join("\n");
}

/** The report for programs. Stable: fields are added, never renamed. */
export function jsonReport(report: Report): object {
  const { collected, violations, advice, exempt, undecided, passed } = report;
  return {
    version: 1,
    source: collected.title,
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
      place: collected.place(finding),
      exemption: finding.exemption,
    })),
    notes: collected.notes,
  };
}

/** Number of rules that a configuration leaves on. */
export function activeRules(level: (rule: (typeof allRules)[number]) => string): number {
  return allRules.filter((rule) => level(rule) !== "disabled").length;
}

export function exemptionNote({ exemption }: Finding): string {
  return exemption ? ` Accepted until ${exemption.expires}: ${exemption.reason}.` : "";
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

const paint: Record<Severity, (text: string) => string> = {
  critical: (text) => pc.bold(pc.red(text)),
  high: pc.red,
  medium: pc.yellow,
  low: pc.dim,
};

function bySeverity(findings: Finding[]): Finding[] {
  const rank = ({ rule }: Finding) => severities.indexOf(rule.severity) * 1000 + allRules.indexOf(rule);
  return findings.toSorted((a, b) => rank(a) - rank(b));
}

/** What one rule says in the same words of several resources, said once. */
export interface Group {
  rule: Finding["rule"];
  /** Complete sentences about all of them. */
  message: string;
  /** `docker-compose.yml:12, 17`, or "" when the places say nothing. */
  places: string;
}

export function grouped(findings: Finding[], collected: Collected): Group[] {
  const same = Map.groupBy(findings, ({ rule, subject, message }) => `${rule.name} ${tail(subject.label, message)}`);
  return [...same.values()].map((group) => {
    const [first] = group as [Finding, ...Finding[]];
    const labels = [...new Set(group.map(({ subject }) => subject.label))];
    const colon = labels.length > 1 && !first.message.startsWith(`${first.subject.label}:`) ? ":" : "";
    const message = `${labels.join(", ")}${colon}${tail(first.subject.label, first.message)}`;
    return { rule: first.rule, message, places: places(group.map((finding) => collected.place(finding))) };
  });
}

function tail(label: string, message: string): string {
  return message.startsWith(label) ? message.slice(label.length) : ` ${message}`;
}

function places(all: Place[]): string {
  const known = all.filter(({ line }) => line > 1);
  const files = Map.groupBy(known, ({ file }) => file);
  return [...files]
    .map(([file, lines]) => `${file}:${[...new Set(lines.map(({ line }) => line))].join(", ")}`)
    .join("; ");
}

function section(
  title: string,
  color: (text: string) => string,
  findings: Finding[],
  collected: Collected,
  note: (finding: Finding) => string = () => "",
): string[] {
  if (findings.length === 0) return [];
  const noted = findings.map((finding) => ({ ...finding, message: finding.message + note(finding) }));
  const lines = ["", color(title)];
  for (const [rule, groups] of Map.groupBy(grouped(noted, collected), (group) => group.rule)) {
    lines.push(`  ${pc.bold(rule.name)}  ${pc.dim(rule.title)}`);
    for (const { message, places } of groups) lines.push(`    ${message}${places && pc.dim(`  ${places}`)}`);
  }
  return lines;
}
