import { expect, it } from "vitest";
import { listed, runTogether } from "../../../policies/facts/company.ts";
import type { ContainerFacts } from "../../../policies/facts/model.ts";
import { written } from "../../../policies/say.ts";

const inProfiles = (...profiles: string[]) => ({ profiles }) as unknown as ContainerFacts;

it.each([
  [[], ""],
  [["a"], "a"],
  [["a", "b", "b"], "a and b"],
  [["a", "b", "c"], "a, b and c"],
  [["a", "b", "c", "d"], "a, b, c and 1 other"],
  [Array.from({ length: 500 }, (_, i) => `s${i}`), "s0, s1, s2 and 497 others"],
])("%j are listed as %j", (names, text) => expect(listed(names.map(written))).toBe(text));

it("takes two services for company unless their profiles have nothing in common", () => {
  expect(runTogether(inProfiles("a"), inProfiles("b"))).toBe(false);
  expect(runTogether(inProfiles("a"), inProfiles("a", "b"))).toBe(true);
  expect(runTogether(inProfiles("a"), inProfiles())).toBe(true);
  expect(runTogether(inProfiles(), inProfiles())).toBe(true);
});
