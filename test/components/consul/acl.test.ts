// Consul's policies and tokens, and how they are kept. Consul's API is played by the test.
import { describe, expect, it } from "vitest";
import type { StackConfig } from "../../../components/config/keys/base.ts";
import { parseConfig } from "../../../components/config/parse.ts";
import {
  accessorOf,
  managementSecret,
  policyRules,
  tokenNames,
  tokenSecrets,
  tokensOf,
} from "../../../components/consul/acl.ts";
import { aclTask } from "../../../components/consul/acl-task.ts";
import { registrationsOf } from "../../../components/consul/registrations.ts";
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

const app = { image: "localhost/rag:latest", health: { http: "/health", port: 8000 }, uses: ["consul"] };
const withApps = (apps: Record<string, object>) => config({ apps });

describe("the token of an app", () => {
  it("lets it write itself and look for others, which nobody else may register", () => {
    const rules = policyRules(withApps({ rag_api: app, other: { ...app, uses: [] } }), all);
    expect(Object.keys(rules)).toEqual([...tokenNames, "app-rag_api"]);
    expect(rules["app-rag_api"]?.split("\n")).toEqual([
      'service "rag_api" { policy = "write" }',
      'node_prefix "" { policy = "read" }',
      'service_prefix "" { policy = "read" }',
    ]);
    expect(rules.registrar).toContain('service "rag_api" { policy = "read" }');
  });

  it("comes with a registration, with a check as the app is asked", () => {
    const {
      "service a": http,
      "service b": tcp,
      ...others
    } = registrationsOf(
      withApps({
        a: { ...app, route: { path: "/x", port: 9000 } },
        b: { ...app, health: { tcp: 7000 } },
        c: { ...app, health: { command: ["true"] } },
      }),
    );
    expect(JSON.parse(http as string)).toMatchObject({
      Name: "a",
      Port: 9000,
      Check: { http: "http://a:8000/health" },
    });
    expect(JSON.parse(tcp as string)).toMatchObject({ Port: 7000, Check: { tcp: "b:7000", interval: "5s" } });
    expect(others).toEqual({});
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
  readonly registered = new Map<string, { ID: string; Service: string; by: string }>();
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
    const [, kindOf, id0] = /^\/v1\/agent\/(services|service\/register|service\/deregister)\/?(.*)$/.exec(path) ?? [];
    if (kindOf === "services") return json(Object.fromEntries(this.registered));
    if (kindOf === "service/deregister") return json(this.registered.delete(id0 as string));
    if (kindOf) {
      const { ID, Name } = body as { ID: string; Name: string };
      this.registered.set(ID, { ID, Service: Name, by: asker.Description });
      return { status: 200, body: "" };
    }
    const [kind = "", id] = path.replace("/v1/acl/", "").split("/");
    if (id === "self") return json(asker);
    if (method === "GET") return json([...(kind === "policies" ? this.policies : this.tokens).values()]);
    this.changes.push(`${method} ${kind}${id ? " again" : ""}`);
    if (method === "DELETE") return json((kind === "token" ? this.tokens : this.policies).delete(id as string));
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

async function run(consul: Consul, values = secrets, of: StackConfig = config()): Promise<string[]> {
  const said: string[] = [];
  const wanted = aclTask.wanted(of, all);
  await aclTask.run({ http: consul, config: of, secrets: values, wanted, say: (line) => said.push(line) });
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

  it("has the token, policy and registration of an app as long as the app uses it", async () => {
    const consul = new Consul();
    consul.registered.set("mine", { ID: "mine", Service: "mine", by: "somebody" });
    const of = withApps({ rag: app });
    const withToken = { ...secrets, [tokensOf(of)["app-rag"] as string]: "rag-1" };
    expect(await run(consul, withToken, of)).toEqual([]);
    expect(consul.tokens.get(accessorOf(of, "app-rag"))).toMatchObject({
      SecretID: "rag-1",
      Policies: [{ Name: "lab-app-rag" }],
    });
    expect(consul.registered.get("rag")).toMatchObject({ by: "lab app-rag" });
    consul.registered.set("rag-2", { ID: "rag-2", Service: "rag", by: "lab app-rag" });
    expect(await run(consul, secrets)).toEqual(["Consul: rag is no longer registered, and its token no longer valid"]);
    expect([...consul.registered.keys()]).toEqual(["mine"]);
    expect([...consul.policies.keys()].toSorted()).toEqual(["lab-agent", "lab-registrar", "lab-viewer"]);
    expect([...consul.tokens.values()].map(({ Description }) => Description)).not.toContain("lab app-rag");
  });

  it("that refuses something ends in an error that says what", async () => {
    const consul = new Consul();
    consul.tokens.set("x", { AccessorID: "x", SecretID: "consulAgentToken-1", Description: "somebody's" });
    await expect(run(consul)).rejects.toThrow("Consul answers 500 to PUT /v1/acl/token: secret in use");
  });
});
