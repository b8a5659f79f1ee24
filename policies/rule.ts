// What a rule is, and how one is written down. A rule is a pure function that looks at one subject (a container, a
// network, ...) and reports. Values that are not known yet cannot make it throw: it asks the reporter for each value,
// and what cannot be decided is noted there.
import { z } from "zod";
import type { Inventory } from "./facts/inventory.ts";
import type { Dialect, Facts, FactsOf } from "./facts/model.ts";
import type { Maybe, MaybeList } from "./facts/unknown.ts";
import type { Said } from "./say.ts";
import type { Settings } from "./settings.ts";

export type Severity = "critical" | "high" | "medium" | "low";
export type Level = "mandatory" | "advisory" | "disabled";
export type Area = "exposure" | "telemetry" | "isolation" | "resources" | "supply-chain" | "secrets";

/** Where else the same thing is asked for. A rule that only has `docs` is one that no other tool has. */
export interface References {
  /** Items of the CIS Docker Benchmark 1.6.0, and the checks that docker-bench-security adds, as it numbers them. */
  cis?: string[];
  /** Names of KICS queries (dockerCompose). */
  kics?: string[];
  semgrep?: string[];
  dclint?: string[];
  /** Numbers of compose-lint's rules. */
  composeLint?: string[];
  /** checkov's Dockerfile checks. */
  checkov?: string[];
  /** Documentation of the product or engine that the rule rests on, or the file of this pack that says it. */
  docs?: string;
}

/** What to write instead: one text, or one for each dialect. */
export type Fix = Said | Record<Dialect, Said>;

/** How a rule answers. */
export interface Reporter {
  /** The rule is broken. `path` is the property, `problem` continues "<container> ...", `fix` starts with a verb. */
  violation(path: string, problem: Said, fix: Fix): void;
  /** Nothing can be said about `path` before `up`. */
  undecided(path: string): void;
  /** Whether the value is known; if it is not, `path` is noted as undecided. */
  known<T>(value: Maybe<T>, path: string): value is T;
  /** The known elements; a list or an element that is not known is noted as undecided. */
  each<T>(list: MaybeList<T>, path: string): T[];
}

interface RuleInfo<K extends Facts["kind"], P> {
  /** Stable, kebab-case; the key in every configuration. */
  name: string;
  area: Area;
  /** One sentence that says what must hold. */
  title: string;
  /** Why, in a sentence or two, for docs/policies.md. */
  why: string;
  severity: Severity;
  /** Level when no configuration names one. @default mandatory */
  level: Exclude<Level, "disabled">;
  /** What it looks at. @default containers */
  subjects: readonly K[];
  /** Parameters with their defaults and limits. @default none */
  params: z.ZodType<P>;
  references: References;
}

/** What a rule may read besides its subject. */
export interface Context<P> {
  params: P;
  settings: Settings;
}

/** A rule that needs nothing but its subject. */
export interface ResourceRule<K extends Facts["kind"], P> extends RuleInfo<K, P> {
  scope: "resource";
  check(subject: FactsOf<K>, report: Reporter, context: Context<P>): void;
}

/** A rule that needs other resources too; a policy pack can run it only when all of them are known. */
export interface StackRule<K extends Facts["kind"], P> extends RuleInfo<K, P> {
  scope: "stack";
  /** It reads what a program registers after its subject: the program's own gate leaves it to the pack. @default false */
  readsLater?: true;
  check(subject: FactsOf<K>, report: Reporter, context: Context<P> & { inventory: Inventory }): void;
}

// biome-ignore lint/suspicious/noExplicitAny: a list of rules mixes subjects and parameters; runRule pairs them up again.
export type Rule = ResourceRule<any, any> | StackRule<any, any>;

type NoParams = Record<string, never>;

/** A rule as it is written down: what most rules have in common is left out, the area comes from rules(). */
type Written<R extends Pick<Rule, "level" | "subjects" | "params">> = Omit<
  R,
  "scope" | "area" | "level" | "subjects" | "params"
> &
  Partial<Pick<R, "level" | "subjects" | "params">>;

const defaults = { level: "mandatory", subjects: ["container"], params: z.strictObject({}) } as const;

/** A rule that needs nothing but its subject. The types of subject and parameters follow from what is written. */
export function resourceRule<K extends Facts["kind"] = "container", P = NoParams>(
  rule: Written<ResourceRule<K, P>>,
): Omit<ResourceRule<K, P>, "area"> {
  return { ...(defaults as object as Pick<ResourceRule<K, P>, keyof typeof defaults>), ...rule, scope: "resource" };
}

/** A rule that needs other resources too. The types of subject and parameters follow from what is written. */
export function stackRule<K extends Facts["kind"] = "container", P = NoParams>(
  rule: Written<StackRule<K, P>>,
): Omit<StackRule<K, P>, "area"> {
  return { ...(defaults as object as Pick<StackRule<K, P>, keyof typeof defaults>), ...rule, scope: "stack" };
}

/** The rules of one area. */
export function rules(area: Area, list: readonly Omit<Rule, "area">[]): Rule[] {
  return list.map((rule) => ({ ...rule, area }) as Rule);
}
