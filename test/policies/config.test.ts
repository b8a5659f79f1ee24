import { describe, expect, it } from "vitest";
import { policyConfigOf } from "../../components/config/policy.ts";
import { configSchema } from "../../components/config/schema.ts";
import { type PolicyConfigError, parsePolicyConfig } from "../../policies/config.ts";
import { productOf } from "../../policies/facts/products.ts";
import { allRules, ruleNamed } from "../../policies/rules/all.ts";
import { settings, settingsKey } from "../../policies/settings.ts";
import { builtinProducts } from "../../policies/tables/telemetry/products.ts";

const problems = (raw: unknown): string[] => {
  try {
    parsePolicyConfig(raw, "Pulumi.dev.yaml");
    return [];
  } catch (error) {
    return (error as PolicyConfigError).problems;
  }
};
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

describe("the catalogue", () => {
  it("has unique names in kebab-case that no reserved one takes", () => {
    const names = allRules.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
    for (const name of [settingsKey, "all"]) expect(names).not.toContain(name);
  });
  it.each(allRules.map((each) => [each.name, each] as const))(
    "describes %s",
    (_, { title, why, references, params }) => {
      expect(title).toMatch(/^[A-Z0-9`].*\.$/);
      expect(why).toMatch(/\.$/);
      const { cis = [], docs = "https://" } = references;
      expect(docs).toMatch(/^https:\/\/|^policies\//);
      for (const number of cis) expect(number).toMatch(/^\d+\.\d+$/);
      const fields = Object.entries((params as unknown as { shape: Record<string, { description?: string }> }).shape);
      for (const [name, { description }] of fields) expect(description, name).toBeTruthy();
    },
  );
});

describe("the table of products", () => {
  it("has unique ids, and no image that two claim", () => {
    const ids = builtinProducts.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const images = builtinProducts.flatMap((each) => each.images);
    expect(new Set(images).size).toBe(images.length);
  });
  it("says where everything that it demands is documented", () => {
    for (const { id, require, deny, source } of builtinProducts)
      if (require.length + deny.length > 0) expect(source, id).toBeTruthy();
  });
  it.each([
    ["qdrant/qdrant:v1.19.1@sha256:00", "qdrant"],
    ["ghcr.io/qdrant/qdrant/qdrant:v1", "qdrant"],
    ["redis", "redis"],
    ["docker.io/library/redis:8", "redis"],
    ["valkey/valkey:9", "redis"],
    ["xnai.local/postgres:15-0123456789ab", "postgres"],
    ["hashicorp/consul:1.15.4", "consul"],
    ["xnai_chainlit_ui:latest", "chainlit"],
    ["mcr.microsoft.com/dotnet/sdk:9.0", "dotnet"],
    ["my/redis-exporter", undefined],
    ["notqdrant", undefined],
    ["", undefined],
  ])("%s is %s", (image, id) => expect(productOf(image, settings.parse({}))?.id).toBe(id));
});

describe("what follows from the stack's own configuration", () => {
  const of = (raw: object) => policyConfigOf(configSchema.parse(raw));
  it("is nothing by default", () => expect(of({})).toEqual({}));
  it("allows an address that Caddy is given on purpose", () => {
    expect(of({ exposure: { caddy: { address: "192.168.1.5" } } })).toEqual({
      "port-bound-to-loopback": { addresses: ["192.168.1.5"] },
    });
    expect(of({ exposure: { caddy: false } })).toEqual({});
  });
  it("allows a service the egress that it is given", () => {
    expect(of({ egress: ["qdrant"] })).toEqual({ settings: { egress: ["qdrant"] } });
  });
  it("adds to what the user wrote, and overrides none of it", () => {
    const policy = {
      "port-bound-to-loopback": "advisory",
      settings: { egress: ["mine"], exemptions: [] },
      all: "mandatory",
    };
    expect(of({ policy, egress: ["qdrant"], exposure: { caddy: { address: "10.0.0.1" } } })).toEqual({
      all: "mandatory",
      "port-bound-to-loopback": { enforcementLevel: "advisory", addresses: ["10.0.0.1"] },
      settings: { egress: ["mine", "qdrant"], exemptions: [] },
    });
  });
});
