// One mutation for each rule through the pack itself, over gRPC as the engine speaks it: the right stack passes, and
// with one thing wrong exactly that rule's policy reports.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ruleNamed } from "../../policies/catalogue.ts";
import { allCases } from "./cases/all.ts";
import { Analyzer } from "./support/analyzer.ts";
import { checked } from "./support/checked.ts";

const analyzer = new Analyzer();
beforeAll(() => analyzer.start());
afterAll(() => analyzer.stop());

/** What Pulumi does not tell a policy pack, so that only the program and the reports can judge it. */
const invisible = new Set(["volume-retained"]);

describe.each(allCases.filter(({ rule }) => !invisible.has(rule)))("$rule", ({ rule, breaks }) => {
  it.each(Object.entries(breaks).slice(0, 1))("%s", async (_, { stack, config = {}, also = [] }) => {
    const { settings, ...levels } = config as Record<string, object | string>;
    await analyzer.configure({
      ...Object.fromEntries(
        Object.entries(levels).map(([name, value]) => {
          const level = typeof value === "string" ? value : ruleNamed(name)?.level;
          return [name, { level: level as "mandatory", properties: typeof value === "string" ? {} : value }];
        }),
      ),
      ...(settings ? { settings: { level: "mandatory", properties: settings as object } } : {}),
    });
    const found = new Set((await analyzer.preview(checked(stack))).map(({ policy }) => policy));
    expect([...found].sort()).toEqual([rule, ...also].sort());
  });
});
