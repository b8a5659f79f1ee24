// The comparison with other tools claims nothing that is not so: what one of their rules finds, the rules of this pack that name
// it find too, in a file in which nothing else is wrong; what the tables call missed is missed.
import { describe, expect, it } from "vitest";
import { claiming, verdict } from "../../../policies/publish/coverage.ts";
import { cisItems } from "../../../policies/publish/tools/cis.ts";
import { linters, tools } from "../../../policies/publish/tools/tools.ts";
import { allRules } from "../../../policies/rules/all.ts";
import { composed } from "../../ops/audit/compose/composed.ts";
import { fileOf, project } from "../support/project.ts";
import type { Sample } from "./forms.ts";
import { missed } from "./missed.ts";
import { found } from "./samples.ts";

/** The rules that a sample breaks. */
function brokenBy({ more, ...service }: Sample): string[] {
  const findings = composed(fileOf(project(service, more))).findings();
  return findings.filter(({ status }) => status === "violation").map(({ rule }) => rule.name);
}

it("finds nothing in the file into which the samples are put", () => {
  expect(brokenBy({})).toEqual([]);
});

describe.each(tools)("$name", (tool) => {
  const claims = tool.rules.filter((rule) => verdict(tool, rule) !== "not");

  it.each(claims.map((rule) => [rule.id, rule] as const))("%s is found by every rule that says so", (id, rule) => {
    const sample = found[tool.key]?.[id];
    if (sample === undefined) throw new Error(`no sample for ${id}`);
    expect(brokenBy(sample)).toEqual(expect.arrayContaining(claiming(tool, rule).map(({ name }) => name)));
  });

  it("says why for whatever no rule is about, and only for that", () => {
    for (const rule of tool.rules) {
      if (verdict(tool, rule) === "not") expect(rule.notOurs, rule.id).toMatch(/\w{3}/);
      else expect(rule.notOurs, rule.id).toBeUndefined();
      expect(rule.missed, rule.id).not.toBe("");
    }
  });

  it("has each rule once, and every rule that a rule of this pack names", () => {
    const ids = tool.rules.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { name, references } of allRules)
      for (const id of references[tool.key] ?? []) expect(ids, `${name} names ${id}`).toContain(id);
  });

  it("has no sample for what is not claimed", () => {
    expect(Object.keys(found[tool.key] ?? {}).sort()).toEqual(claims.map(({ id }) => id).sort());
  });
});

const ofCheckov = allRules.flatMap(({ name, references: { checkov = [] } }) =>
  checkov.map((id) => [id, name] as const),
);
it.each(ofCheckov)("%s of checkov is found by %s", (id, name) => {
  expect(brokenBy(found.checkov?.[id] ?? {})).toContain(name);
});

it("names only items of the benchmark that there are", () => {
  const items = cisItems.map(({ id }) => id);
  for (const { rules } of linters)
    for (const { id, cis = [] } of rules) expect(items, id).toEqual(expect.arrayContaining(cis));
});

it("has all rules of each tool, as many as it has", () => {
  const counts = Object.fromEntries(tools.map(({ key, rules }) => [key, rules.length]));
  expect(counts).toEqual({ cis: 48, kics: 22, semgrep: 6, dclint: 15, composeLint: 27 });
  for (const section of [4, 5]) {
    const numbers = cisItems.filter(({ id }) => id.startsWith(`${section}.`)).map(({ id }) => Number(id.split(".")[1]));
    expect(numbers).toEqual(Array.from({ length: section === 4 ? 11 : 32 }, (_, i) => i + 1));
  }
});

it("reads ports and volumes alike with quotes and without, which is why no rule asks for either", () => {
  const readWith = (quote: string) => {
    const [port, volume] = ["22:22", "data:/d"].map((each) => `${quote}${each}${quote}`);
    const text = `services:\n  app:\n    image: redis\n    ports:\n      - ${port}\n    volumes:\n      - ${volume}\nvolumes:\n  data:\n`;
    const { ports, mounts } = composed(text).service("app");
    return { ports, mounts };
  };
  expect(readWith("")).toEqual(readWith('"'));
  expect(readWith("").ports).toMatchObject([{ internal: 22, external: 22 }]);
});

it.each(missed)("of %s, %s in part: what is called missed is", (key, id, sample) => {
  const tool = tools.find((each) => each.key === key);
  const rule = tool?.rules.find((each) => each.id === id);
  if (!tool || !rule) throw new Error(`no ${id} of ${key}`);
  expect(verdict(tool, rule)).toBe("in part");
  const names = claiming(tool, rule).map(({ name }) => name);
  const broken = brokenBy(sample);
  expect(names.filter((name) => broken.includes(name))).toEqual([]);
});
