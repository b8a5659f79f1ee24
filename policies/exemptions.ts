// Exemptions: violations that are known and accepted, each by rule and resource, until a date.
import type { Facts } from "./facts/model.ts";
import type { Rule } from "./rule.ts";
import { ruleNamed, unknownRule } from "./rules/all.ts";
import { reasonNotToHold } from "./rules/engine.ts";
import type { Answer } from "./run-rule.ts";
import { type Settings, settingsKey } from "./settings.ts";

/** Why a violation is accepted. */
export interface Accepted {
  reason: string;
  /** Last day. Absent where nobody can do better on this engine. */
  expires?: string;
}

/** An answer of a rule, with the exemptions taken into account. */
export interface Judged extends Omit<Answer, "status"> {
  status: Answer["status"] | "exempt";
  /** The exemption that covers it, or did so until it expired. */
  exemption?: Accepted;
}

/** How long it is accepted: `until 2026-12-31`, or `on this engine`. */
export const termOf = ({ expires }: Accepted): string =>
  expires === undefined ? "on this engine" : `until ${expires}`;

/**
 * The answer with the exemption that covers it, if there is one: the engine's, because it has no such thing, or the user's. One
 * that has expired is only named in the message.
 * @param today as `2026-12-31`
 */
export function exempted(answer: Answer, rule: Rule, subject: Facts, settings: Settings, today: string): Judged {
  if (answer.status !== "violation") return answer;
  const reason = reasonNotToHold(rule.name, answer.property, settings.engine);
  if (reason !== undefined) return { ...answer, status: "exempt", exemption: { reason } };
  const covering = settings.exemptions.filter(
    (each) => each.rule === rule.name && namesOf(subject).includes(each.resource),
  );
  const valid = covering.find((each) => each.expires >= today);
  if (valid) return { ...answer, status: "exempt", exemption: valid };
  const expired = covering[0];
  if (!expired) return answer;
  const note = `The exemption "${expired.reason}" expired on ${expired.expires}.`;
  return { ...answer, exemption: expired, message: `${answer.message} ${note}` };
}

/** What is wrong with the exemptions of some settings, one sentence each: rules that do not exist. */
export function exemptionProblems({ exemptions }: Settings): string[] {
  return exemptions
    .filter(({ rule }) => !ruleNamed(rule))
    .map(({ rule }) => `${settingsKey}.exemptions: ${unknownRule(rule)}`);
}

/** Every name by which an exemption may call a resource. */
export function namesOf(subject: Facts): string[] {
  return [subject.label, subject.id, subject.id.split("::").pop() ?? "", subject.id.replace(/^services\./, "")];
}

/** Today in UTC, as `2026-12-31`. */
export function isoToday(now = new Date()): string {
  return now.toISOString().slice(0, 10);
}
