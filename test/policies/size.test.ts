// What is said stays in proportion to what is there: a range is one port, and a crowd is a few names and a number.
import { expect, it } from "vitest";
import { parsePolicyConfig } from "../../policies/config.ts";
import { evaluate } from "../../policies/evaluate.ts";
import type { Facts } from "../../policies/facts/model.ts";
import { ruleNamed } from "../../policies/rules/all.ts";
import { judge } from "./support/judge.ts";
import { changedFacts } from "./support/stack.ts";

const [redis] = changedFacts("redis", {}).filter(({ label }) => label === "app_redis");
/** So many containers that are alike but for their names. */
const crowd = (count: number, facts: object): Facts[] =>
  Array.from(
    { length: count },
    (_, i) => ({ ...redis, id: `c${i}`, label: `c${i}`, name: `c${i}`, ...facts }) as Facts,
  );
/** What one rule says. */
function about(facts: Facts[], name: string) {
  const rule = ruleNamed(name);
  if (rule === undefined) throw new Error(`no rule ${name}`);
  return evaluate(facts, parsePolicyConfig({ all: "mandatory" }, "the test"), { rules: [rule] });
}

const turn = {
  path: "ports[0]",
  internal: 1,
  internalLast: 65_535,
  external: 1,
  externalLast: 65_535,
  protocol: "udp",
};

it("says one thing of a range of ports, however long it is", () => {
  const found = judge(crowd(1, { ports: [{ ...turn, ip: "0.0.0.0" }] }));
  expect(
    found.filter(({ path }) => path === "ports[0]").map(({ rule, message }) => `${rule.name}: ${message}`),
  ).toEqual([
    expect.stringMatching(/^port-bound-to-loopback: c0 publishes 1-65535 on every interface/),
    expect.stringMatching(/^published-port-allowed: c0 publishes container port 1-65535/),
    expect.stringMatching(/^port-never-published: c0 publishes container port 3456/),
    expect.stringMatching(/^no-privileged-host-port: c0 publishes on host ports 1-65535/),
    expect.stringMatching(/^no-ssh-port: /),
  ]);
});

it.each([
  [
    "volume-written-by-one",
    {
      mounts: [{ path: "v", type: "volume", source: "x", target: "/x", readOnly: false, propagation: "", relabel: "" }],
    },
  ],
  [
    "no-private-relabel",
    {
      mounts: [{ path: "v", type: "volume", source: "x", target: "/x", readOnly: true, propagation: "", relabel: "Z" }],
    },
  ],
  ["host-port-unique", { ports: [{ ...turn, ip: "127.0.0.1" }] }],
  ["container-name-unique", { name: "same" }],
])("says %s once of each of 300 containers, in a few words", (rule, facts) => {
  const found = about(crowd(300, facts), rule);
  expect(found).toHaveLength(300);
  expect(found[0]?.message).toContain("c1, c2, c3 and 296 others");
});
