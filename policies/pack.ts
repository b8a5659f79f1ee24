// The rules as policies of @pulumi/policy. Three policies of the pack are no rules: `settings` comes first (it takes the
// shared settings and prepares the facts), and two advisory ones come last (exemptions in use; what only `up` decides).
import type {
  Policies,
  PolicyConfigSchema,
  PolicyResource,
  ReportViolation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationArgs,
  StackValidationPolicy,
} from "@pulumi/policy";
import { z } from "zod";
import { reserved, ruleNamed, rules } from "./catalogue.ts";
import { checked } from "./checked.ts";
import { exempted, isoToday, type Judged } from "./exemptions.ts";
import type { Facts } from "./facts.ts";
import { factsOf } from "./facts-pulumi.ts";
import { type Rule, runRule } from "./rule.ts";
import { type Settings, settings as settingsSchema } from "./settings.ts";
import { Stack } from "./stack.ts";

type Policy = ResourceValidationPolicy & StackValidationPolicy;

/** All policies of the pack, in the order in which they must run. */
export function policies(): Policies {
  const session = new Session();
  return [settingsPolicy(session), ...rules.map((rule) => rulePolicy(rule, session)), ...reports(session)];
}

/** What is carried from one policy to the next while one resource, or one stack, is analysed. */
class Session {
  settings: Settings = settingsSchema.parse({});
  judged: Judged[] = [];
  private subject: { urn: string; facts: Facts | undefined } | undefined;
  private whole: { resources: PolicyResource[]; stack: Stack } | undefined;

  open(): void {
    this.judged = [];
    this.subject = undefined;
    this.whole = undefined;
  }

  facts(args: ResourceValidationArgs): Facts | undefined {
    if (this.subject?.urn !== args.urn) this.subject = { urn: args.urn, facts: factsOf(seen(args)) };
    return this.subject.facts;
  }

  stack(args: StackValidationArgs): Stack {
    if (this.whole?.resources.length !== args.resources.length) {
      const facts = args.resources.map((resource) => factsOf(seen(resource))).filter((each) => each !== undefined);
      this.whole = { resources: args.resources, stack: new Stack(facts) };
    }
    return this.whole.stack;
  }

  judge(rule: Rule, subject: Facts, config: Record<string, unknown>, stack: Stack, report: ReportViolation): void {
    const params = configured(rule.params, rule.name, config);
    for (const answer of runRule(rule, subject, params, this.settings, stack)) {
      const judged = exempted(answer, rule, subject, this.settings, isoToday());
      this.judged.push(judged);
      if (judged.status === "violation") report(judged.message, subject.id);
    }
  }
}

/** Pulumi tells a policy of `protect` but not of `retainOnDelete`, so that only "retained" can be known, not "not". */
function seen(resource: ResourceValidationArgs | PolicyResource) {
  const { type, urn, name, props, opts } = resource;
  return { type, urn, name, props, retained: opts.protect || undefined };
}

/** What `--policy-pack-config` says for one policy, which Pulumi has checked against its JSON schema only. */
function configured<T>(
  schema: z.ZodType<T>,
  name: string,
  { enforcementLevel: _, ...config }: Record<string, unknown>,
): T {
  const problems: string[] = [];
  const result = checked(schema, config, name, problems);
  if (result === undefined) throw new PackConfigError(problems);
  return result;
}

/** Its stack is what Pulumi prints: the sentences alone. */
class PackConfigError extends Error {
  constructor(problems: string[]) {
    super(`The configuration of the policies cannot be used: ${problems.join("; ")}`);
    this.stack = this.message;
  }
}

function settingsPolicy(session: Session): Policy {
  const take = (args: { getConfig<T extends object>(): T }) => {
    session.open();
    session.settings = configured(settingsSchema, reserved.settings, args.getConfig());
    for (const { rule } of session.settings.exemptions) {
      if (!ruleNamed(rule)) throw new PackConfigError([`settings.exemptions: there is no rule "${rule}"`]);
    }
  };
  return {
    name: reserved.settings,
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
    return {
      ...info,
      validateResource(args, report) {
        const facts = session.facts(args);
        if (facts && rule.subjects.includes(facts.kind))
          session.judge(rule, facts, args.getConfig(), new Stack(), report);
      },
    } as Policy;
  }
  return {
    ...info,
    validateStack(args, report) {
      const stack = session.stack(args);
      for (const facts of stack.all) session.judge(rule, facts, args.getConfig(), stack, report);
    },
  } as Policy;
}

function reports(session: Session): Policy[] {
  const policy = (name: string, description: string, text: (judged: Judged) => string | undefined): Policy => {
    const tell = (_: unknown, report: ReportViolation) => {
      for (const message of session.judged.map(text)) if (message) report(message);
    };
    return {
      name,
      description,
      enforcementLevel: "advisory",
      severity: "low",
      validateResource: tell,
      validateStack: tell,
    };
  };
  return [
    policy(reserved.exemptions, "Violations that an exemption accepts.", ({ status, message, exemption }) =>
      status === "exempt" ? `accepted until ${exemption?.expires} (${exemption?.reason}): ${message}` : undefined,
    ),
    policy(reserved.undecided, "What a preview could not decide; up does.", ({ status, message }) =>
      status === "undecided" ? message : undefined,
    ),
  ];
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
