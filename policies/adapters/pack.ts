// The rules as policies of @pulumi/policy. One policy of the pack is no rule: `settings` comes first, takes the shared
// settings and prepares the facts. Exemptions in use and what only `up` can decide are printed to standard error, which
// the CLI shows as diagnostics: as violations of a policy they would stop an update under `"all": "mandatory"`.
import {
  type Policies,
  type PolicyConfigSchema,
  type PolicyResource,
  type ReportViolation,
  type ResourceValidation,
  type ResourceValidationArgs,
  type ResourceValidationPolicy,
  type StackValidationArgs,
  type StackValidationPolicy,
  validateResourceOfType,
} from "@pulumi/policy";
import { z } from "zod";
import { exempted, isoToday } from "../exemptions.ts";
import { Inventory } from "../facts/inventory.ts";
import type { Facts } from "../facts/model.ts";
import { factsOf, onlyTypeOf } from "../facts/pulumi.ts";
import type { Rule } from "../rule.ts";
import { allRules, ruleNamed } from "../rules/all.ts";
import { runRule } from "../run-rule.ts";
import { type Settings, settingsKey, settings as settingsSchema } from "../settings.ts";
import { validate } from "../validate.ts";

type Policy = ResourceValidationPolicy & StackValidationPolicy;

/** All policies of the pack, in the order in which they must run. */
export function policies(): Policies {
  const session = new Session();
  return [settingsPolicy(session), ...allRules.map((rule) => rulePolicy(rule, session))];
}

/** What is carried from one policy to the next. */
class Session {
  settings: Settings = settingsSchema.parse({});
  /** Facts of every resource, from its inputs: a stack policy is only given outputs, and half of them are unknown in a preview. */
  private readonly known = new Map<string, Facts | undefined>();
  /** By policy: what it was given last, and what that means. It is given with every resource, and hardly ever changes. */
  private readonly understood = new Map<string, { text: string; value: unknown }>();
  private current = "";
  private whole: { resources: PolicyResource[]; stack: Inventory } | undefined;

  /** A new resource, or the whole stack, is analysed from here on. */
  open(): void {
    this.current = "";
    this.whole = undefined;
  }

  facts(args: ResourceValidationArgs): Facts | undefined {
    if (this.current !== args.urn) {
      this.current = args.urn;
      this.known.set(args.urn, factsOf(seen(args)));
    }
    return this.known.get(args.urn);
  }

  stack({ resources }: StackValidationArgs): Inventory {
    if (this.whole?.resources.length !== resources.length) {
      const all = resources.map((each) => this.known.get(each.urn) ?? factsOf(seen(each)));
      this.whole = { resources, stack: new Inventory(all.filter((each) => each !== undefined)) };
    }
    return this.whole.stack;
  }

  /** What `--policy-pack-config` says for one policy, which Pulumi has checked against its JSON schema only. */
  configured<T>(schema: z.ZodType<T>, name: string, { enforcementLevel: _, ...config }: Record<string, unknown>): T {
    const text = JSON.stringify(config);
    const last = this.understood.get(name);
    if (last?.text === text) return last.value as T;
    const problems: string[] = [];
    const value = validate(schema, config, name, problems);
    if (value === undefined) throw new PackConfigError(problems);
    this.understood.set(name, { text, value });
    return value;
  }

  judge(rule: Rule, subject: Facts, config: Record<string, unknown>, stack: Inventory, report: ReportViolation): void {
    const params = this.configured(rule.params, rule.name, config);
    for (const answer of runRule(rule, subject, params, this.settings, stack)) {
      const { status, message, exemption } = exempted(answer, rule, subject, this.settings, isoToday());
      if (status === "violation") report(message, subject.id);
      if (status === "undecided") console.error(`Policy ${rule.name}, undecided until up: ${message}`);
      if (status === "exempt")
        console.error(`Policy ${rule.name}, exempt until ${exemption?.expires} (${exemption?.reason}): ${message}`);
    }
  }
}

/** Pulumi tells a policy of `protect` but not of `retainOnDelete`, so that only "retained" can be known, not "not". */
function seen(resource: ResourceValidationArgs | PolicyResource) {
  const { type, urn, name, props, opts } = resource;
  return { type, urn, name, props, retained: opts.protect || undefined, ignoreChanges: opts.ignoreChanges };
}

/** Its stack is what Pulumi prints: the sentences alone. */
class PackConfigError extends Error {
  constructor(problems: string[]) {
    super(`The configuration of the policies cannot be used: ${problems.join("; ")}`);
    this.stack = this.message;
  }
}

function settingsPolicy(session: Session): Policy {
  const take = (args: ResourceValidationArgs | StackValidationArgs) => {
    session.open();
    if ("urn" in args) session.facts(args);
    session.settings = session.configured(settingsSchema, settingsKey, args.getConfig());
    for (const { rule } of session.settings.exemptions) {
      if (!ruleNamed(rule)) throw new PackConfigError([`settings.exemptions: there is no rule "${rule}"`]);
    }
  };
  return {
    name: settingsKey,
    description: "Settings that several rules share: egress, exemptions, more products.",
    enforcementLevel: "mandatory",
    configSchema: configSchema(settingsSchema),
    validateResource: take,
    validateStack: take,
  };
}

function rulePolicy(rule: Rule, session: Session): Policy {
  const { name, title: description, severity, level: enforcementLevel, area, why } = rule;
  const info = {
    name,
    description,
    severity,
    enforcementLevel,
    tags: [area],
    remediationSteps: why,
    framework: frameworkOf(rule),
    configSchema: configSchema(rule.params),
  };
  if (rule.scope === "resource") {
    const validate: ResourceValidation = (args, report) => {
      const facts = session.facts(args);
      if (facts && rule.subjects.includes(facts.kind))
        session.judge(rule, facts, args.getConfig(), new Inventory(), report);
    };
    const [subject, ...others] = rule.subjects as Facts["kind"][];
    const type = subject && others.length === 0 ? onlyTypeOf[subject] : undefined;
    return { ...info, validateResource: type ? forType(type, validate) : validate } as Policy;
  }
  return {
    ...info,
    validateStack(args, report) {
      const stack = session.stack(args);
      for (const facts of stack.all) session.judge(rule, facts, args.getConfig(), stack, report);
    },
  } as Policy;
}

/**
 * The SDK reads all properties of a resource anew for each policy that it asks; with a type it asks only the ones for
 * that type. Classes of the provider's SDK carry theirs the same way; loading them for it would cost more than it saves.
 */
function forType(type: string, validate: ResourceValidation): ResourceValidation {
  return validateResourceOfType({ __pulumiType: type } as never, (_props, args, report) => validate(args, report));
}

function frameworkOf(rule: Rule) {
  const { cis, kics, docs } = rule.references;
  if (cis?.[0])
    return { name: "CIS Docker Benchmark", version: "1.6.0", reference: cis.join(", "), specification: rule.title };
  if (kics?.[0]) return { name: "KICS dockerCompose", version: "2", reference: kics[0], specification: rule.title };
  return { name: "XNAi policy pack", version: "1", reference: docs ?? rule.name, specification: rule.title };
}

/** The parameters as the JSON schema with which the Pulumi CLI checks `--policy-pack-config`. */
function configSchema(schema: z.ZodType): PolicyConfigSchema {
  const { properties = {} } = z.toJSONSchema(schema, { io: "input", target: "draft-7" });
  return { properties: properties as PolicyConfigSchema["properties"] };
}
