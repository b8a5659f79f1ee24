// What is carried from one policy of the pack to the next: the SDK calls each of them by itself, with one resource or with
// all of them, and forgets everything in between.
import type { PolicyResource, ReportViolation, ResourceValidationArgs, StackValidationArgs } from "@pulumi/policy";
import { type Accepted, exempted, exemptionProblems, isoToday, termOf } from "../../exemptions.ts";
import { Inventory } from "../../facts/inventory.ts";
import type { Facts } from "../../facts/model.ts";
import { factsOf, type PulumiResource } from "../../facts/pulumi.ts";
import type { Rule } from "../../rule.ts";
import { runRule } from "../../run-rule.ts";
import { type Settings, settingsKey, settings as settingsSchema } from "../../settings.ts";
import { Configuration, PackConfigError } from "./configuration.ts";

/** One run of the pack. `open` must be called first for each resource, and for the whole stack. */
export class Session {
  #settings: Settings = settingsSchema.parse({});
  readonly #configuration = new Configuration();
  /** Facts of every resource, from its inputs: with the whole stack only outputs are given, half of them unknown in a preview. */
  readonly #seen = new Map<string, Facts[]>();
  /** Rules of which it has been said why they do not hold on this engine. */
  readonly #told = new Set<string>();
  #current = "";
  /** Type of the resource that is judged from `open` on; "" for the whole stack. */
  type = "";
  #whole: { resources: PolicyResource[]; inventory: Inventory } | undefined;

  /**
   * A new resource, or the whole stack, is judged from here on.
   * @throws PackConfigError when the shared settings are wrong
   */
  open(args: ResourceValidationArgs | StackValidationArgs): void {
    this.#current = "";
    this.#whole = undefined;
    this.type = "type" in args ? args.type : "";
    if ("urn" in args) this.facts(args);
    this.#settings = this.#configuration.of(settingsKey, settingsSchema, args.getConfig());
    const problems = exemptionProblems(this.#settings);
    if (problems.length > 0) throw new PackConfigError(problems);
  }

  /** Facts of the resource that a policy is given. */
  facts(args: ResourceValidationArgs): Facts[] {
    if (this.#current !== args.urn) {
      this.#current = args.urn;
      this.#seen.set(args.urn, factsOf(asPulumiResource(args)));
    }
    return this.#seen.get(args.urn) ?? [];
  }

  /** Facts of all resources that a stack policy is given. */
  inventory({ resources }: StackValidationArgs): Inventory {
    if (this.#whole?.resources.length !== resources.length) {
      const all = resources.flatMap((each) => this.#seen.get(each.urn) ?? factsOf(asPulumiResource(each)));
      this.#whole = { resources, inventory: new Inventory(all) };
    }
    return this.#whole.inventory;
  }

  /**
   * Reports what `rule` says about `subject`. Exemptions in use and what only `up` can decide are printed to standard
   * error, which the CLI shows as diagnostics: reported as violations they would stop an update under `"all": "mandatory"`.
   * @throws PackConfigError when the parameters of the rule are wrong
   */
  judge(
    rule: Rule,
    subject: Facts,
    config: Record<string, unknown>,
    inventory: Inventory,
    report: ReportViolation,
  ): void {
    const params = this.#configuration.of(rule.name, rule.params, config);
    for (const answer of runRule(rule, subject, params, this.#settings, inventory)) {
      const { status, message, exemption } = exempted(answer, rule, subject, this.#settings, isoToday());
      if (status === "violation") report(message, subject.id);
      if (status === "undecided") console.error(`Policy ${rule.name}, undecided until up: ${message}`);
      if (status === "exempt" && exemption) this.#tellExempt(rule, exemption, message);
    }
  }

  /** What no container can have on this engine is told once, not for each of them. */
  #tellExempt(rule: Rule, accepted: Accepted, message: string): void {
    const words = `Policy ${rule.name}, exempt ${termOf(accepted)} (${accepted.reason})`;
    if (accepted.expires !== undefined) console.error(`${words}: ${message}`);
    else if (!this.#told.has(rule.name)) console.error(words);
    this.#told.add(rule.name);
  }
}

/** Pulumi tells a policy of `protect` but not of `retainOnDelete`, so that only "retained" can be known, not "not". */
function asPulumiResource(resource: ResourceValidationArgs | PolicyResource): PulumiResource {
  const { type, urn, name, props, opts } = resource;
  return { type, urn, name, props, retained: opts.protect || undefined, ignoreChanges: opts.ignoreChanges };
}
