// Writes the generated parts of docs/policies.md: `node policies/publish/docs.ts`. A test fails when they are stale.
import { readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";
import type { Rule } from "../rule.ts";
import { allRules } from "../rules/all.ts";
import type { Demand, Product } from "../settings.ts";
import { builtinProducts } from "../tables/telemetry/products.ts";
import { coverageTables } from "./coverage.ts";
import { table } from "./table.ts";

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
  references: { cis = [], kics = [], semgrep = [], dclint = [], composeLint = [], checkov = [], docs },
}: Rule): string {
  const found = [
    ...cis.map((number) => (number.startsWith("C.") ? `docker-bench: ${number}` : `CIS ${number}`)),
    ...kics.map((name) => `KICS: ${name}`),
    ...semgrep.map((name) => `semgrep: ${name}`),
    ...dclint.map((name) => `dclint: ${name}`),
    ...composeLint.map((number) => `compose-lint: ${number}`),
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

if (import.meta.main) writeFileSync(file, withGenerated(readFileSync(file, "utf8")));
