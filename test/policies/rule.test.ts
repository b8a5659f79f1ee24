// What is filled in when a rule is written down, and that its types follow from what is written.
import { expect, expectTypeOf, it } from "vitest";
import { z } from "zod";
import type { ContainerFacts, NetworkFacts } from "../../policies/facts/model.ts";
import { resourceRule, rules, stackRule } from "../../policies/rule.ts";

const common = { title: "T.", why: "W.", severity: "low", references: {} } as const;

const plain = resourceRule({
  ...common,
  name: "plain",
  check(container, _report, { params }) {
    expectTypeOf(container).toEqualTypeOf<ContainerFacts>();
    expectTypeOf(params).toEqualTypeOf<Record<string, never>>();
  },
});

const special = stackRule({
  ...common,
  name: "special",
  level: "advisory",
  subjects: ["network"],
  params: z.strictObject({ names: z.array(z.string()).default(["a"]) }),
  check(network, _report, { params }) {
    expectTypeOf(network).toEqualTypeOf<NetworkFacts>();
    expectTypeOf(params).toEqualTypeOf<{ names: string[] }>();
  },
});

it("is mandatory, about containers and without parameters unless something else is written", () => {
  expect(plain).toMatchObject({ level: "mandatory", subjects: ["container"], scope: "resource" });
  expect(plain.params.parse({})).toEqual({});
  expect(plain.params.safeParse({ names: [] }).success).toBe(false);
  expect(special).toMatchObject({ level: "advisory", subjects: ["network"], scope: "stack" });
  expect(special.params.parse({})).toEqual({ names: ["a"] });
});

it("gets the area of the list that it is in", () => {
  expect(rules("secrets", [plain, special]).map(({ name, area }) => `${name} in ${area}`)).toEqual([
    "plain in secrets",
    "special in secrets",
  ]);
});
