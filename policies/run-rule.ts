// Runs one rule on one subject, and puts its answers into the words of whoever reads them.
import { inDialect } from "./facts/dialect.ts";
import type { Inventory } from "./facts/inventory.ts";
import type { Dialect, Facts } from "./facts/model.ts";
import { isKnown, type Maybe } from "./facts/unknown.ts";
import type { Reporter, Rule } from "./rule.ts";
import { capitalized, say, shown, written } from "./say.ts";
import type { Settings } from "./settings.ts";

/** One answer of a rule about one resource. No answer at all is a pass. */
export interface Answer {
  status: "violation" | "undecided";
  /** The property that it is about, as the reader of the message writes it. */
  path: string;
  /** The same, as the rules call it. */
  property: string;
  /** Complete sentences: what is wrong, on what, with which value, and what to write instead. */
  message: string;
}

/** How the sentence "... is not known" ends. */
const whenKnown: Record<Dialect, string> = { pulumi: "before up", compose: "from this file" };

/**
 * What `rule` says about `subject`: its violations or, if there are none, what is undecided. Never throws, provided that
 * the facts were made by this package.
 */
export function runRule(
  rule: Rule,
  subject: Facts,
  params: unknown,
  settings: Settings,
  inventory: Inventory,
): Answer[] {
  if (!rule.subjects.includes(subject.kind)) return [];
  const answers: Answer[] = [];
  rule.check(subject, reporter(subject, answers), { params, settings, inventory });
  const violations = answers.filter(({ status }) => status === "violation");
  return violations.length > 0 ? violations : answers;
}

function reporter(subject: Facts, answers: Answer[]): Reporter {
  const { label, dialect, unknownUntil = whenKnown[dialect] } = subject;
  const name = () => shown(label, "name");
  const report: Reporter = {
    violation(path, problem, fix) {
      const instead = typeof fix === "string" ? fix : fix[dialect];
      const message = inDialect(dialect, say`${name()} ${problem}. ${capitalized(instead)}.`);
      answers.push({ status: "violation", path: inDialect(dialect, path), property: path, message });
    },
    undecided(path) {
      const at = inDialect(dialect, path);
      if (answers.some((answer) => answer.path === at)) return;
      answers.push({
        status: "undecided",
        path: at,
        property: path,
        message: say`${name()}: ${shown(at, "property")} is not known ${written(unknownUntil)}.`,
      });
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
  return report;
}
