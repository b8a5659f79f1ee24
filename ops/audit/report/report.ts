// One evaluation as a report: sorted, counted and summed up. The other files of this folder write it down.
import { type ExitCode, exitCode } from "../../../lib/errors.ts";
import type { PolicyConfig } from "../../../policies/config.ts";
import type { Finding } from "../../../policies/evaluate.ts";
import { termOf } from "../../../policies/exemptions.ts";
import type { Severity } from "../../../policies/rule.ts";
import { allRules } from "../../../policies/rules/all.ts";
import type { AuditInput } from "../input.ts";

/** The worst first. */
export const severities: readonly Severity[] = ["critical", "high", "medium", "low"];

/** A report lists no more than these, the worst first; GitHub shows no more of a SARIF file either. */
const mostFindings = 5000;
/** Characters of a note, and notes. */
const longestNote = 500;
const mostNotes = 200;

/** How many there are, listed or not. */
export interface Counts {
  violations: number;
  bySeverity: Record<Severity, number>;
  advice: number;
  exempt: number;
  undecided: number;
}

export interface Report {
  input: AuditInput;
  counts: Counts;
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
  const all = {
    violations: bySeverity(violated.filter(({ level }) => level === "mandatory")),
    exempt: bySeverity(withStatus("exempt")),
    undecided: withStatus("undecided"),
    advice: bySeverity(violated.filter(({ level }) => level === "advisory")),
  };
  const { listed, leftOut } = bounded(all);
  const left = leftOut > 0 ? [`${leftOut} findings are counted, but not listed: the ${mostFindings} worst are.`] : [];
  return {
    input: { ...input, notes: [...left, ...boundedNotes(input.notes)] },
    counts: countsOf(all),
    ...listed,
    passed: active - new Set(findings.map(({ rule }) => rule.name)).size,
  };
}

type Lists = Pick<Report, "violations" | "exempt" | "undecided" | "advice">;

function countsOf({ violations, exempt, undecided, advice }: Lists): Counts {
  const count = (severity: Severity) => violations.filter(({ rule }) => rule.severity === severity).length;
  return {
    violations: violations.length,
    bySeverity: { critical: count("critical"), high: count("high"), medium: count("medium"), low: count("low") },
    advice: advice.length,
    exempt: exempt.length,
    undecided: undecided.length,
  };
}

/** The lists, cut where there are too many altogether. */
function bounded(all: Lists): { listed: Lists; leftOut: number } {
  let room = mostFindings;
  const take = (list: Finding[]) => {
    const taken = list.slice(0, room);
    room -= taken.length;
    return taken;
  };
  const listed = {
    violations: take(all.violations),
    exempt: take(all.exempt),
    undecided: take(all.undecided),
    advice: take(all.advice),
  };
  const count = (lists: Lists) => Object.values(lists).reduce((sum, list) => sum + list.length, 0);
  return { listed, leftOut: count(all) - count(listed) };
}

function boundedNotes(notes: string[]): string[] {
  const short = notes
    .slice(0, mostNotes)
    .map((note) => (note.length > longestNote ? `${note.slice(0, longestNote)}…` : note));
  const rest = notes.length - short.length;
  return rest > 0 ? [...short, `${rest} more notes like these are left out.`] : short;
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
export function reportCode({ counts }: Report): ExitCode {
  return counts.violations > 0 ? exitCode.policy : exitCode.done;
}

/** One line that says how it went. */
export function summary({ input, counts, passed }: Report): string {
  const { violations, bySeverity, advice, exempt, undecided } = counts;
  const worst = severities.filter((severity) => bySeverity[severity] > 0);
  const each = worst.map((severity) => `${bySeverity[severity]} ${severity}`);
  const parts = [
    violations > 0 ? `${plural(violations, "violation")} (${each.join(", ")})` : "no violation",
    advice > 0 ? `${advice} of advice` : "",
    exempt > 0 ? `${exempt} exempt` : "",
    undecided > 0 ? `${undecided} undecided` : "",
    `${passed} rules passed on ${plural(input.facts.length, "resource")}`,
  ];
  return parts.filter((part) => part !== "").join(", ");
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** What is added to the message of a finding that is exempt. */
export function exemptionNote({ exemption }: Finding): string {
  return exemption ? ` Accepted ${termOf(exemption)}: ${exemption.reason}.` : "";
}
