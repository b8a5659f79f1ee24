import { describe, expect, it } from "vitest";
import { type PolicyConfigError, parsePolicyConfig } from "../../policies/config.ts";
import { type allRules, ruleNamed } from "../../policies/rules/all.ts";

function problems(raw: unknown): string[] {
  try {
    parsePolicyConfig(raw, "Pulumi.dev.yaml");
    return [];
  } catch (error) {
    return (error as PolicyConfigError).problems;
  }
}
const rule = (name: string) => ruleNamed(name) as (typeof allRules)[number];

describe("a configuration that is wrong", () => {
  it.each([
    ["a list", [], "must be an object of rule names"],
    ["a typo", { "image-pined": "advisory" }, 'there is no rule "image-pined"; did you mean "image-pinned"?'],
    [
      "a level that is none",
      { all: "strict" },
      'all: "strict" is not an enforcement level: use mandatory, advisory or disabled',
    ],
    ["a parameter that is none", { "image-pinned": { registry: [] } }, 'image-pinned: Unrecognized key: "registry"'],
    ["a port that is none", { "port-never-published": { ports: [70000] } }, "port-never-published.ports.0"],
    [
      "an exemption without a date",
      { settings: { exemptions: [{ rule: "image-pinned", resource: "x", reason: "because of this" }] } },
      "settings.exemptions.0.expires",
    ],
    [
      "an exemption with a date that is none",
      {
        settings: { exemptions: [{ rule: "image-pinned", resource: "x", reason: "because of this", expires: "soon" }] },
      },
      "a date such as 2026-12-31",
    ],
    [
      "an exemption without a reason",
      { settings: { exemptions: [{ rule: "image-pinned", resource: "x", reason: "x", expires: "2030-01-01" }] } },
      "somebody will ask why",
    ],
    [
      "an exemption for no rule",
      {
        settings: {
          exemptions: [{ rule: "image-pined", resource: "x", reason: "because of this", expires: "2030-01-01" }],
        },
      },
      'did you mean "image-pinned"?',
    ],
    [
      "a pattern that is none",
      { settings: { products: [{ id: "a", title: "A", deny: [{ what: "x", anyOf: [{ file: "(" }] }] }] } },
      "a regular expression",
    ],
  ])("%s", (_, raw, expected) => expect(problems(raw).join("\n")).toContain(expected));

  it("names all problems at once, and where", () => {
    expect(problems({ all: "x", "no-rule": "advisory" })).toHaveLength(2);
    expect(() => parsePolicyConfig({ all: "x" }, "Pulumi.dev.yaml")).toThrow(/in Pulumi\.dev\.yaml cannot be used/);
  });
});

it("takes the level of the rule, else of all, else the rule's own", () => {
  const config = parsePolicyConfig(
    { all: "advisory", "image-pinned": { enforcementLevel: "mandatory" }, "image-tagged": "disabled" },
    "test",
  );
  expect(
    ["image-pinned", "image-tagged", "cpu-limited", "non-root-user"].map((name) => config.level(rule(name))),
  ).toEqual(["mandatory", "disabled", "advisory", "advisory"]);
  const own = parsePolicyConfig({}, "test");
  expect([own.level(rule("non-root-user")), own.level(rule("cpu-limited"))]).toEqual(["mandatory", "advisory"]);
});
