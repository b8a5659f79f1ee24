// Every rule against every form that its cases list: in each a right stack has one thing wrong, and exactly that rule
// must say so. The same cases are given in the provider's checked form too, which must change no verdict.
import { describe, expect, it } from "vitest";
import { allRules } from "../../../policies/rules/all.ts";
import { allRulesKey, settingsKey } from "../../../policies/settings.ts";
import { checkedByProvider } from "../support/checked-by-provider.ts";
import { brief, judge } from "../support/judge.ts";
import { goodStack } from "../support/stack.ts";
import { allCases } from "./all.cases.ts";
import { type Case, resourcesOf } from "./case.ts";
import { publishedPortCases } from "./exposure/published-ports.cases.ts";

const brokenIn = (findings: ReturnType<typeof judge>) => [
  ...new Set(findings.filter(({ status }) => status === "violation").map(({ rule }) => rule.name)),
];
type Stack = Case["stack"];
const broken = (stack: Stack, config?: object) => brokenIn(judge(stack, config));
/** Both as a program writes it and as the provider hands it on. */
function forms({ stack }: Case): [string, Stack][] {
  const resources = resourcesOf(stack);
  if (resources.length < stack.length) return [["as facts", stack]];
  return [
    ["as written", stack],
    ["as checked by the provider", checkedByProvider(resources)],
  ];
}

it("has cases for every rule", () => {
  expect(allCases.map(({ rule }) => rule).sort()).toEqual(allRules.map(({ name }) => name).sort());
});

it("finds nothing in the right stack, and decides everything", () => {
  for (const [, stack] of forms({ stack: goodStack() })) expect(judge(stack)).toEqual([]);
});

describe("the catalogue", () => {
  it("has unique names in kebab-case that no reserved one takes", () => {
    const names = allRules.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
    for (const name of [settingsKey, allRulesKey]) expect(names).not.toContain(name);
  });
  it.each(allRules.map((each) => [each.name, each] as const))(
    "describes %s",
    (_, { title, why, references, params }) => {
      expect(title).toMatch(/^[A-Z0-9`].*\.$/);
      expect(why).toMatch(/\.$/);
      const { cis = [], docs = "https://" } = references;
      expect(docs).toMatch(/^https:\/\/|^policies\//);
      for (const number of cis) expect(number).toMatch(/^(C\.)?\d+(\.\d+)+$/);
      const fields = Object.entries((params as unknown as { shape: Record<string, { description?: string }> }).shape);
      for (const [name, { description }] of fields) expect(description, name).toBeTruthy();
    },
  );
});

describe.each(allCases)("$rule", ({ rule, breaks, passes = {}, absent, unknown, configured = {} }) => {
  const definition = allRules.find(({ name }) => name === rule);
  const first = Object.values(breaks)[0];
  if (!definition || !first) throw new Error(`${rule} has no definition or no case`);

  it.each(Object.entries(breaks))("fails: %s", (_, { on, says, also = [], ...each }) => {
    for (const [form, stack] of forms(each)) {
      const findings = judge(stack, each.config);
      expect(brokenIn(findings).sort(), form).toEqual([rule, ...also].sort());
      const mine = findings.filter((finding) => finding.rule.name === rule);
      const said = mine.find(({ message }) => message.startsWith(on) && says.every((part) => message.includes(part)));
      expect(said, `${on} ${says.join(", ")} in:\n${mine.map(({ message }) => message).join("\n")}`).toBeDefined();
    }
  });

  it.each(Object.entries(passes))("passes: %s", (_, each) => {
    for (const [form, stack] of forms(each)) expect(broken(stack, each.config), form).not.toContain(rule);
  });

  it(`${absent.verdict === "pass" ? "passes" : "fails"} when nothing is written`, () => {
    for (const [form, stack] of forms(absent))
      expect(broken(stack, absent.config).includes(rule), form).toBe(absent.verdict === "violation");
  });

  if (unknown.stack.length > 0)
    it("is undecided, not passed, while a value is unknown", () => {
      const findings = judge(unknown.stack, unknown.config).filter((finding) => finding.rule.name === rule);
      expect(findings.map(({ status, path }) => ({ status, path }))).toContainEqual({
        status: "undecided",
        path: unknown.path,
      });
      expect(findings.every(({ status }) => status === "undecided")).toBe(true);
    });

  it.each(Object.entries(configured))("follows its configuration: %s", (_, each) => {
    expect(broken(each.stack, each.config).includes(rule)).toBe(each.verdict === "violation");
  });

  it("has a configured case for each of its parameters", () => {
    const used = JSON.stringify(Object.values({ ...configured, ...breaks }).map(({ config }) => config ?? {}));
    for (const key of Object.keys((definition.params as unknown as { shape: object }).shape))
      expect(used).toContain(`"${key}"`);
  });

  it("has nothing to say about other kinds of resources", () => {
    const subjects = judge(first.stack, first.config).filter((finding) => finding.rule.name === rule);
    for (const { subject } of subjects) expect(definition.subjects).toContain(subject.kind);
    const otherwise = resourcesOf(first.stack).map((each) => ({ ...each, type: "aws:s3/bucket:Bucket" }));
    expect(judge(otherwise, first.config)).toEqual([]);
  });

  it("can be switched off, or made advice", () => {
    expect(broken(first.stack, { ...first.config, [rule]: "disabled" })).toEqual(first.also ?? []);
    const config = {
      ...first.config,
      [rule]: { ...(first.config as Record<string, object>)?.[rule], enforcementLevel: "advisory" },
    };
    const levels = judge(first.stack, config).filter((finding) => finding.rule.name === rule);
    expect(levels.every(({ level }) => level === "advisory")).toBe(true);
    expect(levels.length).toBeGreaterThan(0);
  });

  it("honours an exemption until it expires", () => {
    const of = (expires: string) => {
      const mine = judge(first.stack, first.config).filter((finding) => finding.rule.name === rule);
      const exemptions = mine.map(({ subject }) => ({
        rule,
        resource: subject.label,
        reason: "until the move is done",
        expires,
      }));
      const settings = { ...(first.config as { settings?: object })?.settings, exemptions };
      return judge(first.stack, { ...first.config, settings }, "2030-01-01").filter(
        (finding) => finding.rule.name === rule,
      );
    };
    expect(new Set(of("2030-01-01").map(({ status }) => status))).toEqual(new Set(["exempt"]));
    const expired = of("2029-12-31");
    expect(new Set(expired.map(({ status }) => status))).toEqual(new Set(["violation"]));
    expect(expired[0]?.message).toContain('The exemption "until the move is done" expired on 2029-12-31.');
  });
});

it("shows one line for each finding", () => {
  const [form] = Object.values(publishedPortCases[0]?.breaks ?? {});
  expect(brief(judge(form?.stack ?? []))).toEqual(["port-bound-to-loopback on app_redis"]);
});
