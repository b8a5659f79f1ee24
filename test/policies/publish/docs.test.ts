import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { withGenerated } from "../../../policies/publish/docs.ts";
import { allRules } from "../../../policies/rules/all.ts";
import { cisItems } from "../../../policies/tables/cis.ts";
import { kicsForCis, kicsQueries } from "../../../policies/tables/kics.ts";

const text = readFileSync(new URL("../../../docs/policies.md", import.meta.url), "utf8");

it("docs/policies.md is what the code says (else run: node policies/publish/docs.ts)", () => {
  expect(withGenerated(text)).toBe(text);
});

it("has a rule, or a reason, for every item of CIS section 5 and every query of KICS", () => {
  for (const { number, notOurs } of cisItems) {
    expect(
      allRules.some(({ references }) => references.cis?.includes(number)),
      number,
    ).toBe(notOurs === undefined);
  }
  for (const { name, notOurs } of kicsQueries) {
    expect(
      allRules.some(({ references }) => references.kics?.includes(name)),
      name,
    ).toBe(notOurs === undefined);
  }
  expect(cisItems).toHaveLength(32);
  expect(kicsQueries).toHaveLength(22);
});

it("claims nothing that does not exist", () => {
  const items = new Set(cisItems.map(({ number }) => number));
  const queries = new Set(kicsQueries.map(({ name }) => name));
  for (const { references } of allRules) {
    for (const number of references.cis ?? []) if (number.startsWith("5.")) expect(items).toContain(number);
    for (const name of references.kics ?? []) expect(queries).toContain(name);
  }
  for (const [number, name] of Object.entries(kicsForCis)) {
    expect(items).toContain(number);
    expect(queries).toContain(name);
  }
});
