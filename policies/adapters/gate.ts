// The rules as a gate that resources pass one by one, in the order in which they are registered. What a resource refers
// to (its networks, its volumes, the task that prepares them) is registered before it, so that rules about several
// resources can be decided as soon as the last one of them comes.
import type { PolicyConfig } from "../config.ts";
import { evaluate, type Finding } from "../evaluate.ts";
import { Inventory } from "../facts/inventory.ts";
import type { Facts } from "../facts/model.ts";
import { allRules } from "../rules/all.ts";

export interface Verdict {
  /** Mandatory rules that the resource breaks. */
  violations: Finding[];
  /** Mandatory rules that cannot be decided yet. */
  undecided: Finding[];
}

export class Gate {
  readonly #inventory = new Inventory();
  readonly #config: PolicyConfig;
  readonly #mandatory;

  constructor(config: PolicyConfig) {
    this.#config = config;
    this.#mandatory = allRules.filter(
      (rule) => config.level(rule) === "mandatory" && !(rule.scope === "stack" && rule.readsLater),
    );
  }

  /** What the mandatory rules say about one more resource, given all that came before it. */
  admit(facts: Facts): Verdict {
    this.#inventory.add(facts);
    const findings = evaluate(this.#inventory, this.#config, { subjects: [facts], rules: this.#mandatory });
    return {
      violations: findings.filter((finding) => finding.status === "violation"),
      undecided: findings.filter((finding) => finding.status === "undecided"),
    };
  }
}
