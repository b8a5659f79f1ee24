// The rules as policies of @pulumi/policy. One policy is no rule: `settings` comes first, and takes what several rules share.
import type {
  Policies,
  ResourceValidation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationArgs,
  StackValidationPolicy,
} from "@pulumi/policy";
import { Inventory } from "../../facts/inventory.ts";
import type { Facts } from "../../facts/model.ts";
import { typesOf } from "../../facts/pulumi.ts";
import type { Rule } from "../../rule.ts";
import { allRules } from "../../rules/all.ts";
import { settings, settingsKey } from "../../settings.ts";
import { configSchema } from "./configuration.ts";
import { Session } from "./session.ts";

type Policy = ResourceValidationPolicy & StackValidationPolicy;

/** All policies of the pack, in the order in which they must run. */
export function policies(): Policies {
  const session = new Session();
  return [settingsPolicy(session), ...allRules.map((rule) => rulePolicy(rule, session))];
}

function settingsPolicy(session: Session): Policy {
  const open = (args: ResourceValidationArgs | StackValidationArgs) => session.open(args);
  return {
    name: settingsKey,
    description: "Settings that several rules share: egress, exemptions, more products.",
    enforcementLevel: "mandatory",
    configSchema: configSchema(settings),
    validateResource: open,
    validateStack: open,
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
  if (rule.scope === "resource") return { ...info, validateResource: resourceValidation(rule, session) } as Policy;
  return {
    ...info,
    validateStack(args, report) {
      const inventory = session.inventory(args);
      for (const facts of inventory.all) session.judge(rule, facts, args.getConfig(), inventory, report);
    },
  } as Policy;
}

function resourceValidation(rule: Rule, session: Session): ResourceValidation {
  const kinds: readonly Facts["kind"][] = rule.subjects;
  const validate: ResourceValidation = (args, report) => {
    for (const facts of session.facts(args))
      if (kinds.includes(facts.kind)) session.judge(rule, facts, args.getConfig(), new Inventory(), report);
  };
  const everyType = kinds.some((kind) => !typesOf[kind]);
  return everyType ? validate : onlyFor(new Set(kinds.flatMap((kind) => typesOf[kind] ?? [])), session, validate);
}

/**
 * A policy that is only asked about resources of these types: the SDK reads all properties of a resource anew for each policy
 * that it asks. It knows policies for one type, which it finds in this property: here it is the type of the resource that is
 * judged at the moment, if it is one of them.
 */
function onlyFor(types: ReadonlySet<string>, session: Session, validate: ResourceValidation): ResourceValidation {
  const [first = ""] = types;
  return Object.defineProperty(validate, "__pulumiType", {
    get: () => (types.has(session.type) ? session.type : first),
  });
}

function frameworkOf(rule: Rule) {
  const { cis, kics, docs } = rule.references;
  if (cis?.[0])
    return { name: "CIS Docker Benchmark", version: "1.6.0", reference: cis.join(", "), specification: rule.title };
  if (kics?.[0]) return { name: "KICS dockerCompose", version: "2", reference: kics[0], specification: rule.title };
  return { name: "XNAi policy pack", version: "1", reference: docs ?? rule.name, specification: rule.title };
}
