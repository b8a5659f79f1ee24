// A rule: a pure function that looks at one thing (a container, network, ...) and reports. It cannot throw on a value
// that is not known: it asks the report for the value, and what cannot be decided is noted there.
import type { z } from "zod";
import { spoken } from "./facts/dialect.ts";
import type { ContainerFacts, Dialect, Facts, FactsOf } from "./facts/facts.ts";
import { isKnown, type Maybe, type MaybeList } from "./facts/maybe.ts";
import type { Stack } from "./facts/stack.ts";
import type { Settings } from "./settings.ts";

export type Severity = "critical" | "high" | "medium" | "low";
export type Level = "mandatory" | "advisory" | "disabled";
export type Area = "exposure" | "telemetry" | "isolation" | "resources" | "supply-chain" | "secrets";

/** Where else the same thing is asked for; an empty list is a rule that nobody else has. */
export interface References {
  /** CIS Docker Benchmark 1.6.0, as docker-bench-security numbers it. */
  cis?: string[];
  /** KICS query names (dockerCompose). */
  kics?: string[];
  semgrep?: string[];
  dclint?: string[];
  /** checkov's Dockerfile checks. */
  checkov?: string[];
  /** Documentation of the product or engine that the rule rests on. */
  docs?: string;
}

/** What to write instead: one text, or one for each dialect. */
export type Fix = string | Record<Dialect, string>;

export interface Report {
  /** The rule is broken. `path` is the property, `problem` continues "<container> ...", `fix` starts with a verb. */
  violation(path: string, problem: string, fix: Fix): void;
  /** Nothing can be said about `path` before `up`. */
  undecided(path: string): void;
  /** The value if it is known; else notes that `path` is undecided. */
  known<T>(value: Maybe<T>, path: string): value is T;
  /** The known elements; notes an unknown list and each unknown element. */
  each<T>(list: MaybeList<T>, path: string): T[];
}

interface RuleInfo<P> {
  /** Stable, kebab-case; the key in every configuration. */
  name: string;
  area: Area;
  /** One sentence that says what must hold. */
  title: string;
  /** Why, in a sentence or two, for docs/policies.md. */
  why: string;
  severity: Severity;
  /** Level when no configuration names one. */
  level: Exclude<Level, "disabled">;
  /** Parameters with their defaults and limits. */
  params: z.ZodType<P>;
  references: References;
}

/** What a rule may read besides its subject. */
export interface Context<P> {
  params: P;
  settings: Settings;
}

export interface ResourceRule<K extends Facts["kind"] = Facts["kind"], P = unknown> extends RuleInfo<P> {
  scope: "resource";
  subjects: readonly K[];
  check(subject: FactsOf<K>, report: Report, context: Context<P>): void;
}

/** A rule that needs other resources too; a policy pack can run it only when all of them are known. */
export interface StackRule<K extends Facts["kind"] = Facts["kind"], P = unknown> extends RuleInfo<P> {
  scope: "stack";
  subjects: readonly K[];
  check(subject: FactsOf<K>, report: Report, context: Context<P> & { stack: Stack }): void;
}

// biome-ignore lint/suspicious/noExplicitAny: a list of rules mixes subjects and parameters; runRule pairs them up again.
export type Rule = ResourceRule<any, any> | StackRule<any, any>;

/** Keeps the types of subject and parameters while a rule is written down. */
export function resourceRule<K extends Facts["kind"], P>(rule: Omit<ResourceRule<K, P>, "scope">): ResourceRule<K, P> {
  return { ...rule, scope: "resource" };
}
export function stackRule<K extends Facts["kind"], P>(rule: Omit<StackRule<K, P>, "scope">): StackRule<K, P> {
  return { ...rule, scope: "stack" };
}

/** One answer of a rule about one resource. No answer at all is a pass. */
export interface Answer {
  status: "violation" | "undecided";
  path: string;
  /** Complete sentences: what is wrong, on what, with which value, and what to write instead. */
  message: string;
}

const whenKnown: Record<Dialect, string> = { pulumi: "before up", compose: "from this file" };

/** Runs one rule on one subject. Never throws, provided that the facts were made by this package. */
export function runRule(rule: Rule, subject: Facts, params: unknown, settings: Settings, stack: Stack): Answer[] {
  if (!rule.subjects.includes(subject.kind)) return [];
  const answers: Answer[] = [];
  const { label, dialect, unknownUntil = whenKnown[subject.dialect] } = subject;
  const report: Report = {
    violation(path, problem, fix) {
      const instead = typeof fix === "string" ? fix : fix[dialect];
      const message = spoken(dialect, `${label} ${problem}. ${capital(instead)}.`);
      answers.push({ status: "violation", path: spoken(dialect, path), message });
    },
    undecided(path) {
      const at = spoken(dialect, path);
      if (answers.some((answer) => answer.path === at)) return;
      answers.push({ status: "undecided", path: at, message: `${label}: ${at} is not known ${unknownUntil}.` });
    },
    known<T>(value: Maybe<T>, path: string): value is T {
      if (!isKnown(value)) report.undecided(path);
      return isKnown(value);
    },
    each(list, path) {
      if (!report.known(list, path)) return [];
      return list.filter((element, i) => report.known(element, `${path}[${i}]`)) as never[];
    },
  };
  rule.check(subject, report, { params, settings, stack });
  return answers.some((answer) => answer.status === "violation")
    ? answers.filter((answer) => answer.status === "violation")
    : answers;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/**
 * A container that prepares something and ends: not kept running, not restarted, publishing nothing.
 * UNKNOWN counts as no: a rule for services is the stricter one.
 */
export function isJob(container: ContainerFacts): boolean {
  const noPorts = isKnown(container.ports) && container.ports.length === 0;
  return container.mustRun === false && ["", "no"].includes(container.restart as string) && noPorts;
}
