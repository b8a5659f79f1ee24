// What the rules cost grows with the containers, not with their square: counted in reads of facts, not in seconds.
import { expect, it } from "vitest";
import { Gate } from "../../policies/adapters/gate.ts";
import { parsePolicyConfig } from "../../policies/config.ts";
import { evaluate } from "../../policies/evaluate.ts";
import type { Facts } from "../../policies/facts/model.ts";
import { factsOf } from "../../policies/facts/pulumi.ts";
import { checkedByProvider } from "./support/checked-by-provider.ts";
import { goodStacks } from "./support/stack.ts";

/** Facts of so many stacks, and how often any of them was read since. */
function counted(stacks: number) {
  let reads = 0;
  const handler: ProxyHandler<Facts> = {
    get(target, key, receiver) {
      reads += 1;
      return Reflect.get(target, key, receiver);
    },
  };
  const facts = checkedByProvider(goodStacks(stacks)).flatMap((each) => factsOf(each) ?? []);
  return { facts: facts.map((each) => new Proxy(each, handler)), reads: () => reads };
}

const config = parsePolicyConfig({}, "test");

const judges: Record<string, (facts: Facts[]) => { status: string }[]> = {
  "a report": (facts) => evaluate(facts, config),
  "the program's own gate": (facts) => {
    const gate = new Gate(config);
    return facts.flatMap((each) => gate.admit(each).violations);
  },
};

it.each(Object.entries(judges))("%s reads four times as much for four times the containers", (_, judge) => {
  const [some, many] = [counted(10), counted(40)];
  for (const { facts } of [some, many]) expect(judge(facts).filter(({ status }) => status === "violation")).toEqual([]);
  expect(some.reads()).toBeGreaterThan(1000);
  expect(many.reads() / some.reads()).toBeCloseTo(4, 1);
});
