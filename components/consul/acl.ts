// Who may do what in Consul: policies and tokens, and the task that keeps Consul's own store in step with them. Pure.
import type { StackConfig } from "../config/keys/base.ts";
import type { Listed } from "../definition/presentation.ts";
import { uuidFrom } from "../definition/secret.ts";
import type { HttpTask, Talk } from "../definition/task.ts";
import { httpPort, nodeName, ownServices } from "./agent-config.ts";

/** Tokens for everybody but the server itself -> the secret that each is. */
export const tokenSecrets = {
  agent: "consulAgentToken",
  registrar: "consulRegistrarToken",
  viewer: "consulViewerToken",
} as const;
export type TokenName = keyof typeof tokenSecrets;
export const tokenNames = Object.keys(tokenSecrets) as TokenName[];

/** The token that may do everything; the server uses it for itself. */
export const managementSecret = "consulManagementToken";

const rule = (kind: string, name: string, policy: "read" | "write") =>
  `${kind} ${JSON.stringify(name)} { policy = "${policy}" }`;

/** Rules in HCL; an exact name counts before a prefix. */
export function policyRules(config: StackConfig, services: readonly Listed[]): Record<TokenName, string> {
  const protectedServices = ["consul", ...ownServices(services)].map((name) => rule("service", name, "read"));
  const rules = {
    // Other nodes: each may register itself and see services, none may speak for the server.
    agent: [
      rule("node_prefix", "", "write"),
      rule("node", nodeName(config), "read"),
      rule("service_prefix", "", "read"),
    ],
    // Services: any name but those of the stack.
    registrar: [rule("service_prefix", "", "write"), ...protectedServices, rule("node_prefix", "", "read")],
    // The UI: nodes, services and their health; no keys and values.
    viewer: [rule("node_prefix", "", "read"), rule("service_prefix", "", "read")],
  };
  return Object.fromEntries(tokenNames.map((name) => [name, rules[name].join("\n")])) as Record<TokenName, string>;
}

/** Accessor of a token: public, and always the same, so that the task finds it again. */
export const accessorOf = (config: StackConfig, name: TokenName) => uuidFrom(`${config.prefix} ${name}`);

const policyName = (config: StackConfig, name: TokenName) => `${config.prefix}-${name}`;

/** Consul's API: https://developer.hashicorp.com/consul/api-docs/acl */
interface Policy {
  ID: string;
  Name: string;
}
interface Token {
  AccessorID: string;
  SecretID: string;
  Description: string;
}

/** Asks Consul, with the management token. */
class AclApi {
  readonly #talk: Talk;

  constructor(talk: Talk) {
    this.#talk = talk;
  }

  ask(method: string, path: string, body?: object) {
    const { http, secrets } = this.#talk;
    return http.ask(method, `/v1/acl/${path}`, body, { "X-Consul-Token": secrets[managementSecret] as string });
  }

  async must<T>(method: string, path: string, body?: object): Promise<T> {
    const answer = await this.ask(method, path, body);
    if (answer.status !== 200)
      throw new Error(`Consul answers ${answer.status} to ${method} /v1/acl/${path}: ${answer.body.slice(0, 300)}`);
    return JSON.parse(answer.body) as T;
  }
}

/** How long a server that has elected itself may take to know its own management token, milliseconds. */
const knownWithinMs = 60_000;
const pollMs = 100;

/** The accessor of the management token, once the server knows it. */
async function own(api: AclApi): Promise<string> {
  for (const deadline = Date.now() + knownWithinMs; ; ) {
    const { status, body } = await api.ask("GET", "token/self");
    if (status === 200) return (JSON.parse(body) as Token).AccessorID;
    if (Date.now() > deadline) throw new Error(`Consul answers ${status} to its management token: ${body}`);
    await new Promise((done) => setTimeout(done, pollMs));
  }
}

async function keepPolicies(api: AclApi, { config, wanted }: Talk): Promise<void> {
  const there = await api.must<Policy[]>("GET", "policies");
  for (const name of tokenNames) {
    const id = there.find(({ Name }) => Name === policyName(config, name))?.ID;
    await api.must("PUT", id === undefined ? "policy" : `policy/${id}`, {
      Name: policyName(config, name),
      Description: "Kept by the stack: changes here are overwritten",
      Rules: wanted[name],
    });
  }
}

async function keepTokens(api: AclApi, { config, secrets, say }: Talk): Promise<void> {
  const there = await api.must<Token[]>("GET", "tokens");
  for (const name of tokenNames) {
    const accessor = accessorOf(config, name);
    const SecretID = secrets[tokenSecrets[name]] as string;
    const old = there.find(({ AccessorID }) => AccessorID === accessor);
    const renewed = old !== undefined && old.SecretID !== SecretID;
    if (renewed) {
      await api.must("DELETE", `token/${accessor}`);
      say(`Consul: the earlier ${name} token is no longer valid`);
    }
    await api.must("PUT", old && !renewed ? `token/${accessor}` : "token", {
      AccessorID: accessor,
      SecretID,
      Description: `${config.prefix} ${name}`,
      Policies: [{ Name: policyName(config, name) }],
    });
  }
}

/** Consul makes the management token that its configuration names, and keeps those of earlier configurations. */
async function endEarlierManagement(api: AclApi, self: string, { say }: Talk): Promise<void> {
  for (const { AccessorID, Description } of await api.must<Token[]>("GET", "tokens")) {
    if (Description !== "Initial Management Token" || AccessorID === self) continue;
    await api.must("DELETE", `token/${AccessorID}`);
    say("Consul: the earlier management token is no longer valid");
  }
}

/** Keeps Consul's store in step. */
export const aclTask: HttpTask = {
  name: "consul-acl",
  title: "keeping Consul's policies and tokens",
  port: httpPort,
  secrets: [managementSecret, ...Object.values(tokenSecrets)],
  wanted: policyRules,
  run: async (talk) => {
    const api = new AclApi(talk);
    const self = await own(api);
    await keepPolicies(api, talk);
    await keepTokens(api, talk);
    await endEarlierManagement(api, self, talk);
  },
};
