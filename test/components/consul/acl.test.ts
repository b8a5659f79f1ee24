// Consul's policies and tokens, and how they are kept. Consul's API is played by the test.
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../components/config/parse.ts";
import {
  accessorOf,
  aclTask,
  managementSecret,
  policyRules,
  tokenNames,
  tokenSecrets,
} from "../../../components/consul/acl.ts";
import { services as all } from "../../../components/services.ts";

const config = (values: Record<string, unknown> = {}) => parseConfig({ prefix: "lab", ...values });
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

describe("tokens", () => {
  it("have accessors of their own, in every stack", () => {
    const all = ["lab", "other"].flatMap((prefix) => tokenNames.map((name) => accessorOf(config({ prefix }), name)));
    expect(new Set(all).size).toBe(all.length);
    for (const accessor of all) expect(accessor).toMatch(uuid);
  });

  it("let a registrar write every service but the stack's own, also when these are switched off", () => {
    const rules = policyRules(config({ services: { qdrant: false } }), all).registrar;
    expect(rules).toContain('service_prefix "" { policy = "write" }');
    for (const name of ["consul", "caddy", "redis", "vikunja", "qdrant"])
      expect(rules).toContain(`service "${name}" { policy = "read" }`);
  });

  it("let an agent write every node but the server, and a viewer nothing", () => {
    expect(policyRules(config(), all).agent).toContain('node "lab-consul" { policy = "read" }');
    expect(policyRules(config(), all).viewer).not.toContain("write");
  });
});

const secrets = Object.fromEntries(
  [managementSecret, ...Object.values(tokenSecrets)].map((name) => [name, `${name}-1`]),
);

interface Token {
  AccessorID: string;
  SecretID: string;
  Description: string;
  Policies?: { Name: string }[];
}

/** Consul with a store; `knows` is the management token that it has by now. */
class Consul {
  readonly policies = new Map<string, { ID: string; Name: string; Rules: string }>();
  readonly tokens = new Map<string, Token>();
  readonly changes: string[] = [];
  /** How often it still answers as if it did not know the token. */
  unready = 0;

  constructor() {
    this.#put({ AccessorID: "first", SecretID: `${managementSecret}-1`, Description: "Initial Management Token" });
  }

  #put(token: Token) {
    this.tokens.set(token.AccessorID, token);
  }

  ask = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const json = (value: unknown) => ({ status: 200, body: JSON.stringify(value) });
    const asker = [...this.tokens.values()].find(({ SecretID }) => SecretID === headers["X-Consul-Token"]);
    if (!asker || this.unready-- > 0) return { status: 403, body: "ACL not found" };
    const [kind = "", id] = path.replace("/v1/acl/", "").split("/");
    if (id === "self") return json(asker);
    if (method === "GET") return json([...(kind === "policies" ? this.policies : this.tokens).values()]);
    this.changes.push(`${method} ${kind}${id ? " again" : ""}`);
    if (method === "DELETE") return json(this.tokens.delete(id as string));
    if (kind === "token") {
      const token = body as Token;
      if (
        [...this.tokens.values()].some(
          (each) => each.SecretID === token.SecretID && each.AccessorID !== token.AccessorID,
        )
      )
        return { status: 500, body: "secret in use" };
      if (!id && this.tokens.has(token.AccessorID)) return { status: 500, body: "accessor in use" };
      this.#put(token);
      return json(token);
    }
    const policy = body as { Name: string; Rules: string };
    this.policies.set(id ?? policy.Name, { ID: id ?? policy.Name, ...policy });
    return json(policy);
  };
}

async function run(consul: Consul, values = secrets): Promise<string[]> {
  const said: string[] = [];
  const wanted = policyRules(config(), all);
  await aclTask.run({ http: consul, config: config(), secrets: values, wanted, say: (line) => said.push(line) });
  return said;
}

describe("Consul's store", () => {
  it("gets each token with its policy, once the server knows its own", async () => {
    const consul = new Consul();
    consul.unready = 2;
    expect(await run(consul)).toEqual([]);
    for (const name of tokenNames) {
      expect(consul.policies.get(`lab-${name}`)?.Rules).toBe(policyRules(config(), all)[name]);
      expect(consul.tokens.get(accessorOf(config(), name))).toMatchObject({
        SecretID: `${tokenSecrets[name]}-1`,
        Description: `lab ${name}`,
        Policies: [{ Name: `lab-${name}` }],
      });
    }
  });

  it("stays as it is when it is kept again, and what was changed there by hand is put right", async () => {
    const consul = new Consul();
    await run(consul);
    consul.policies.set("lab-viewer", {
      ID: "lab-viewer",
      Name: "lab-viewer",
      Rules: 'key_prefix "" { policy = "write" }',
    });
    const before = structuredClone([...consul.tokens.values()]);
    expect(await run(consul)).toEqual([]);
    expect([...consul.tokens.values()]).toEqual(before);
    expect(consul.policies.get("lab-viewer")?.Rules).not.toContain("write");
    expect(consul.changes.filter((each) => each.startsWith("DELETE"))).toEqual([]);
  });

  it("forgets a token that was renewed, and earlier management tokens", async () => {
    const consul = new Consul();
    await run(consul);
    const renewed = { ...secrets, consulViewerToken: "new", [managementSecret]: "newer" };
    consul.tokens.set("next", { AccessorID: "next", SecretID: "newer", Description: "Initial Management Token" });
    expect(await run(consul, renewed)).toEqual([
      "Consul: the earlier viewer token is no longer valid",
      "Consul: the earlier management token is no longer valid",
    ]);
    expect([...consul.tokens.values()].map(({ SecretID }) => SecretID).toSorted()).toEqual(
      ["consulAgentToken-1", "consulRegistrarToken-1", "new", "newer"].toSorted(),
    );
  });

  it("that refuses something ends in an error that says what", async () => {
    const consul = new Consul();
    consul.tokens.set("x", { AccessorID: "x", SecretID: "consulAgentToken-1", Description: "somebody's" });
    await expect(run(consul)).rejects.toThrow("Consul answers 500 to PUT /v1/acl/token: secret in use");
  });
});
