// A pull request as a review sees it: the stack of a configuration before and after, by the real program, without the Pulumi CLI.
import { parseConfig } from "../../../../components/config/parse.ts";
import { policyConfigOf } from "../../../../components/config/policy-config.ts";
import { comparedChanges } from "../../../../ops/audit/review/changes.ts";
import { previewMarkdown } from "../../../../ops/audit/review/comment.ts";
import { followersIn } from "../../../../ops/audit/review/follow-ups.ts";
import { type Plan, withSecretFiles } from "../../../../ops/audit/review/plan.ts";
import { readEvents } from "../../../../ops/pulumi/events.ts";
import { Gate } from "../../../../policies/adapters/gate.ts";
import { parsePolicyConfig } from "../../../../policies/config.ts";
import { factsOf, type PulumiResource } from "../../../../policies/facts/pulumi.ts";
import { type Registered, run } from "../../../support/program.ts";

/** What the program registers, as in a preview of a stack that is not there. */
export async function registered(values: Record<string, unknown>): Promise<Registered[]> {
  const config = parseConfig(values);
  const build = async () => {
    const { Stack } = await import("../../../../components/stack.ts");
    return new Stack("stack", config);
  };
  return (await run(build, { preview: true, expectViolations: true })).all;
}

/** Its type behind those of all its parents, as the engine has them: Pulumi's mocks know one parent. */
function typesOf({ urn, parent }: Registered, all: Registered[]): string[] {
  const above = all.find((each) => each.urn === parent);
  const type = (urn.split("::")[2] ?? "").split("$").pop() ?? "";
  return [...(above ? typesOf(above, all) : []), type];
}

/** What `preview --resources` writes. */
export async function planned(values: Record<string, unknown>): Promise<Plan> {
  const config = parseConfig(values);
  const all = await registered(values);
  const resources = all.map((each): PulumiResource => {
    const { name, inputs, retainOnDelete } = each;
    const types = typesOf(each, all);
    const urn = `urn:pulumi:dev::xnai::${types.join("$")}::${name}`;
    return { urn, name, type: types.at(-1) ?? "", props: inputs, retained: retainOnDelete };
  });
  return { resources: withSecretFiles(resources, config), policy: policyConfigOf(config) };
}

/** What the program says in its preview of the rules that it holds itself to. */
function eventsOf({ resources, policy }: Plan) {
  const gate = new Gate(parsePolicyConfig(policy, "the test"));
  const said = resources.flatMap(factsOf).flatMap((facts) => gate.admit(facts).violations);
  const lines = said.map(({ rule, message }) =>
    JSON.stringify({ diagnosticEvent: { severity: "error", message: `Policy ${rule.name}: ${message}` } }),
  );
  return readEvents([...lines, JSON.stringify({ summaryEvent: {} })].join("\n"));
}

/** The comment on a pull request. @param old the base @param after its configuration */
export async function comment(old: Plan, after: Record<string, unknown>): Promise<string> {
  const next = await planned(after);
  return previewMarkdown(eventsOf(next), {
    stack: "dev",
    changes: comparedChanges(old.resources, next.resources, followersIn(parseConfig(after))),
    policy: { before: old.policy, after: next.policy },
  });
}
