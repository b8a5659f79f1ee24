// The comparison with other tools in docs/policies.md: each of their rules, which rule of this pack finds the same, and what none
// does, and why.
import type { Rule } from "../rule.ts";
import { allRules } from "../rules/all.ts";
import { table } from "./table.ts";
import { cis, cisItems } from "./tools/cis.ts";
import type { Tool, ToolRule } from "./tools/tool.ts";
import { linters } from "./tools/tools.ts";

/** How much of another tool's rule this pack finds. */
type Verdict = "caught" | "in part" | "not";

/** The rules of this pack that say they find what it finds. */
export function claiming({ key }: Tool, { id }: ToolRule): Rule[] {
  return allRules.filter(({ references }) => references[key]?.includes(id));
}

export function verdict(tool: Tool, rule: ToolRule): Verdict {
  if (claiming(tool, rule).length === 0) return "not";
  return rule.missed === undefined ? "caught" : "in part";
}

export function coverageTables(): string {
  return [...benchmark(), ...linters.flatMap((tool) => section(tool)), alone(), ""].join("\n\n");
}

function section(tool: Tool): string[] {
  return [
    `### ${tool.name}`,
    counts(tool),
    table(
      [tool.one, ...ours],
      tool.rules.map((rule) => row(tool, rule)),
    ),
  ];
}

/** The benchmark's own section: who else checks an item, too. */
function benchmark(): string[] {
  const also = cisItems.map(({ id, bench, checkov }) => [
    bench === "yes" ? "docker-bench" : "docker-bench (by hand)",
    ...linters.filter(({ rules }) => rules.some((rule) => rule.cis?.includes(id))).map(({ name }) => name),
    ...(checkov === undefined ? [] : ["checkov"]),
  ]);
  const tally = ["docker-bench", ...linters.map(({ name }) => name), "checkov"]
    .map((name) => `${name} ${also.filter((each) => each.includes(name)).length}`)
    .join(", ");
  return [
    `### ${cis.name}`,
    `${counts(cis)} By themselves the others check: ${tally}. docker-bench-security looks at what runs already, checkov at Dockerfiles only.`,
    table(
      [cis.one, ...ours, "also checked by"],
      cisItems.map((item, i) => [...row(cis, item), also[i]?.join(", ") ?? ""]),
    ),
  ];
}

const ours = ["here", "by", "what is not found, and why"];

function row(tool: Tool, rule: ToolRule): string[] {
  return [
    rule.title === undefined ? rule.id : `${rule.id} ${rule.title}`,
    verdict(tool, rule),
    claiming(tool, rule)
      .map(({ name }) => `\`${name}\``)
      .join(", "),
    rule.missed ?? rule.notOurs ?? "",
  ];
}

function counts(tool: Tool): string {
  const count = (which: Verdict) => tool.rules.filter((rule) => verdict(tool, rule) === which).length;
  return `Of ${tool.what}, ${count("caught")} are caught, ${count("in part")} in part, ${count("not")} not.`;
}

function alone(): string {
  const names = allRules.filter(
    ({ references: { docs: _, ...others } }) => !Object.values(others).some((each) => each?.length),
  );
  return `### Only here\n\n${names.length} rules that none of them has: ${names.map(({ name }) => `\`${name}\``).join(", ")}.`;
}
