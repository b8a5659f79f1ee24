// One mutation for each rule through the pack itself, over gRPC as the engine speaks it: the right stack passes, and
// with one thing wrong exactly that rule's policy reports.
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { ruleNamed } from "../../../../policies/rules/all.ts";
import { allCases } from "../../rules/all.cases.ts";
import { resourcesOf } from "../../rules/case.ts";
import { Analyzer } from "../../support/analyzer.ts";
import { checkedByProvider } from "../../support/checked-by-provider.ts";
import { goodStack } from "../../support/stack.ts";

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });
const analyzer = new Analyzer();
beforeAll(async () => {
  await analyzer.start();
  await analyzer.preview(checkedByProvider(goodStack()));
});
afterAll(() => analyzer.stop());

/** What Pulumi does not tell a policy pack, or what only a compose file can ask for. */
const invisible = new Set(["volume-retained", "no-host-uts"]);

describe.each(allCases.filter(({ rule }) => !invisible.has(rule)))("$rule", ({ rule, breaks }) => {
  it.each(Object.entries(breaks).slice(0, 1))("%s", async (_, { stack: written, config = {}, also = [] }) => {
    const stack = resourcesOf(written);
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
    // The pack knows the right stack already; only what is different is analysed again, and put back afterwards.
    const good = new Map(checkedByProvider(goodStack()).map((each) => [each.urn, each]));
    const different = checkedByProvider(stack).filter(
      (each) => JSON.stringify(each) !== JSON.stringify(good.get(each.urn)),
    );
    const found = new Set<string>();
    for (const each of different) for (const { policy } of await analyzer.analyze(each)) found.add(policy);
    for (const { policy } of await analyzer.analyzeStack(checkedByProvider(stack))) found.add(policy);
    for (const { urn } of different)
      await analyzer.analyze(good.get(urn) ?? { urn, type: "none", name: "", props: {} });
    expect([...found].sort()).toEqual([rule, ...also].sort());
  });
});
