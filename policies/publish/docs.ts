// Writes the generated parts of docs/policies.md: `node policies/publish/docs.ts`. A test fails when they are stale.
import { readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";
import type { Rule } from "../rule.ts";
import { allRules } from "../rules/all.ts";
import type { Demand, Product } from "../settings.ts";
import { cisItems } from "../tables/cis.ts";
import { kicsForCis, kicsQueries } from "../tables/kics.ts";
import { builtinProducts } from "../tables/telemetry/products.ts";

const file = new URL("../../docs/policies.md", import.meta.url);

const parts: Record<string, () => string> = { rules: ruleTables, coverage: coverageTables, products: productTable };

/** `text` with everything between `<!-- name -->` and `<!-- /name -->` made anew. */
export function withGenerated(text: string): string {
  return Object.entries(parts).reduce((result, [name, make]) => {
    const between = new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(<!-- /${name} -->)`);
    if (!between.test(result))
      throw new Error(`docs/policies.md has no place for ${name}: <!-- ${name} --> ... <!-- /${name} -->`);
    return result.replace(between, (_, start, end) => `${start}\n${make()}\n${end}`);
  }, text);
}

function ruleTables(): string {
  const areas = Map.groupBy(allRules, ({ area }) => area);
  return [...areas]
    .map(([area, mine]) => {
      const rows = mine.map((rule) => [
        `\`${rule.name}\``,
        rule.severity,
        rule.level,
        `${rule.title} ${rule.why}`,
        references(rule),
      ]);
      return `### ${heading(area)}\n\n${table(["rule", "severity", "level", "what must hold, and why", "also asked for by"], rows)}\n${parameters(mine)}`;
    })
    .join("\n");
}

function heading(area: string): string {
  return area.charAt(0).toUpperCase() + area.slice(1).replace("-", " ");
}

function references({
  references: { cis = [], kics = [], semgrep = [], dclint = [], checkov = [], docs },
}: Rule): string {
  const found = [
    ...cis.map((number) => `CIS ${number}`),
    ...kics.map((name) => `KICS: ${name}`),
    ...semgrep.map((name) => `semgrep: ${name}`),
    ...dclint.map((name) => `dclint: ${name}`),
    ...checkov.map((name) => `checkov: ${name}`),
  ];
  if (found.length > 0) return found.join("; ");
  return docs?.startsWith("https:") ? `nobody; [documentation](${docs})` : "nobody";
}

interface Property {
  description?: string;
  default?: unknown;
}

function parameters(mine: Rule[]): string {
  const lines = mine.flatMap((rule) => {
    const { properties = {} } = z.toJSONSchema(rule.params, { io: "input" }) as {
      properties?: Record<string, Property>;
    };
    return Object.entries(properties).map(
      ([name, { description, default: value }]) =>
        `- \`${rule.name}\`: \`${name}\`, default \`${JSON.stringify(value)}\`. ${description}.`,
    );
  });
  return lines.length === 0 ? "" : `\nParameters:\n\n${lines.join("\n")}\n`;
}

function coverageTables(): string {
  const cis = cisItems.map(({ number, title, bench, semgrep, dclint, checkov, notOurs }) => {
    const ours = allRules.filter((rule) => rule.references.cis?.includes(number)).map(({ name }) => `\`${name}\``);
    const mine = ours.length > 0 ? ours.join(", ") : `no: ${notOurs}`;
    return [
      `${number} ${title}`,
      mine,
      bench === "manual" ? "by hand" : "yes",
      ...[kicsForCis[number], semgrep, dclint, checkov].map((each) => (each ? "yes" : "")),
    ];
  });
  const kics = kicsQueries.map(({ name, notOurs }) => {
    const ours = allRules.filter((rule) => rule.references.kics?.includes(name)).map((rule) => `\`${rule.name}\``);
    return [name, ours.length > 0 ? ours.join(", ") : `no: ${notOurs}`];
  });
  const alone = allRules.filter(
    ({ references: { cis, kics, semgrep, dclint, checkov } }) =>
      ![cis, kics, semgrep, dclint, checkov].some((each) => each?.length),
  );
  const count = (column: number) => cis.filter((row) => row[column] && !row[column]?.startsWith("no")).length;
  return [
    `Of the ${cis.length} items of section 5, this pack judges ${count(1)}, docker-bench-security ${count(2)} (on containers that run already), KICS ${count(3)}, semgrep ${count(4)}, dclint ${count(5)}, checkov ${count(6)} (in Dockerfiles only).`,
    "",
    table(["CIS Docker 1.6.0, section 5", "this pack", "docker-bench", "KICS", "semgrep", "dclint", "checkov"], cis),
    "",
    `Of KICS' ${kics.length} queries for compose files, ${kics.filter(([, ours]) => !ours?.startsWith("no")).length} have a rule here:`,
    "",
    table(["KICS query", "this pack"], kics),
    "",
    `${alone.length} rules that none of them has: ${alone.map(({ name }) => `\`${name}\``).join(", ")}.`,
    "",
  ].join("\n");
}

function productTable(): string {
  const known = builtinProducts.filter(({ require, deny }) => require.length + deny.length > 0);
  const silent = builtinProducts.filter((each) => !known.includes(each)).map(({ title }) => title);
  return [
    table(["product", "has to be set", "may not be set", "source"], known.map(productRow)),
    "",
    `Known to send nothing by themselves: ${silent.join(", ")}.`,
    "",
  ].join("\n");
}

function productRow({ title, images, everywhere, require, deny, source }: Product): string[] {
  const where = everywhere ? "in every image" : images.map((image) => `\`${image}\``).join(", ");
  const demanded = require.map(({ write, what }) => `\`${write}\` (${what})`);
  const link = /^https:\S+$/.test(source) ? `[source](${source})` : source;
  return [`${title} (${where})`, demanded.join("; "), deny.map(denied).join("; "), link];
}

function denied({ anyOf, what }: Demand): string {
  const settings = anyOf.map(({ env, flag, file, values }) => {
    const only = values.length > 0 && values.length < 3 ? `=${values.join("/")}` : "";
    return `\`${env ?? flag ?? file}${only}\``;
  });
  return `${settings.join(", ")} (${what})`;
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

if (import.meta.main) writeFileSync(file, withGenerated(readFileSync(file, "utf8")));
