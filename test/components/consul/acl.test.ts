import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../components/config/parse.ts";
import { accessorOf, policyFiles, policyRules, tokenFile, tokenNames } from "../../../components/consul/acl.ts";
import { services as all } from "../../../components/services.ts";

const config = (values: Record<string, unknown> = {}) => parseConfig({ prefix: "lab", ...values });
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

describe("tokens", () => {
  it("have accessors of their own, in every stack", () => {
    const all = ["lab", "other"].flatMap((prefix) => tokenNames.map((name) => accessorOf(config({ prefix }), name)));
    expect(new Set(all).size).toBe(all.length);
    for (const accessor of all) expect(accessor).toMatch(uuid);
  });

  it("carry their policy by name", () => {
    for (const name of tokenNames) {
      const policy = JSON.parse(policyFiles(config(), all)[`acl/policy.${name}.json`] ?? "");
      const token = JSON.parse(tokenFile(config(), name, "f00"));
      expect(token).toEqual({
        AccessorID: accessorOf(config(), name),
        SecretID: "f00",
        Description: `lab ${name}`,
        Policies: [{ Name: policy.Name }],
      });
      expect(policy.Rules).toBe(policyRules(config(), all)[name].join("\n"));
    }
  });

  it("let a registrar write every service but the stack's own, also when these are switched off", () => {
    const rules = policyRules(config({ services: { qdrant: false } }), all).registrar;
    expect(rules).toContain('service_prefix "" { policy = "write" }');
    for (const name of ["consul", "caddy", "redis", "vikunja", "qdrant"])
      expect(rules).toContain(`service "${name}" { policy = "read" }`);
  });

  it("let an agent write every node but the server, and a viewer nothing", () => {
    expect(policyRules(config(), all).agent).toContain('node "lab-consul" { policy = "read" }');
    expect(policyRules(config(), all).viewer.join()).not.toContain("write");
  });
});
