// The task that keeps Consul's own store in step with the stack's policies and tokens, and its agent with the apps.
import { setTimeout as sleep } from "node:timers/promises";
import { type Client, clientsOf } from "../definition/clients.ts";
import type { HttpTask, Talk } from "../definition/task.ts";
import { accessorOf, appMark, description, managementSecret, policyName, policyRules, tokensOf } from "./acl.ts";
import { httpPort } from "./agent-config.ts";
import { type AskAgent, deregister, register, registrationsOf } from "./registrations.ts";

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

  get management(): string {
    return this.#talk.secrets[managementSecret] as string;
  }

  ask(method: string, path: string, body?: object) {
    return this.#ask(method, `/v1/acl/${path}`, this.management, body);
  }

  async must<T>(method: string, path: string, body?: object): Promise<T> {
    return JSON.parse(await this.#must(method, `/v1/acl/${path}`, this.management, body)) as T;
  }

  /** The part of the API that tells of the agent's own services. */
  readonly agent: AskAgent = (method, path, token, body) => this.#must(method, `/v1/agent/${path}`, token, body);

  async #must(method: string, path: string, token: string, body?: object): Promise<string> {
    const answer = await this.#ask(method, path, token, body);
    if (answer.status === 200) return answer.body;
    throw new Error(`Consul answers ${answer.status} to ${method} ${path}: ${answer.body.slice(0, 300)}`);
  }

  #ask(method: string, path: string, token: string, body?: object) {
    return this.#talk.http.ask(method, path, body, { "X-Consul-Token": token });
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
    await sleep(pollMs);
  }
}

async function keepPolicies(api: AclApi, { config, wanted }: Talk): Promise<void> {
  const there = await api.must<Policy[]>("GET", "policies");
  for (const name of Object.keys(tokensOf(config))) {
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
  for (const [name, secret] of Object.entries(tokensOf(config))) {
    const accessor = accessorOf(config, name);
    const SecretID = secrets[secret] as string;
    const old = there.find(({ AccessorID }) => AccessorID === accessor);
    const renewed = old !== undefined && old.SecretID !== SecretID;
    if (renewed) {
      await api.must("DELETE", `token/${accessor}`);
      say(`Consul: the earlier ${name} token is no longer valid`);
    }
    await api.must("PUT", old && !renewed ? `token/${accessor}` : "token", {
      AccessorID: accessor,
      SecretID,
      Description: description(config, name),
      Policies: [{ Name: policyName(config, name) }],
    });
  }
}

/** Registrations, tokens and policies of apps that are gone, or no longer use Consul; the token last, so that nothing is forgotten. */
async function endApps(api: AclApi, { config, say }: Talk): Promise<void> {
  const known = Object.keys(tokensOf(config));
  const left = (name: string, nameOf: typeof policyName) =>
    name.startsWith(nameOf(config, appMark)) && !known.some((each) => nameOf(config, each) === name);
  for (const { ID, Name } of await api.must<Policy[]>("GET", "policies"))
    if (left(Name, policyName)) await api.must("DELETE", `policy/${ID}`);
  for (const { AccessorID, Description } of await api.must<Token[]>("GET", "tokens")) {
    if (!left(Description, description)) continue;
    const app = Description.slice(description(config, appMark).length);
    await deregister(api.agent, app, api.management);
    await api.must("DELETE", `token/${AccessorID}`);
    say(`Consul: ${app} is no longer registered, and its token no longer valid`);
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
  secrets: (config) => [managementSecret, ...Object.values(tokensOf(config))],
  wanted: (config, services) => ({ ...policyRules(config, services), ...registrationsOf(config) }),
  run: async (talk) => {
    const api = new AclApi(talk);
    const self = await own(api);
    await keepPolicies(api, talk);
    await keepTokens(api, talk);
    const tokenOf = ({ secret }: Client) => talk.secrets[secret("token")] as string;
    await register(api.agent, clientsOf(talk.config, "consul"), talk.wanted, tokenOf);
    await endApps(api, talk);
    await endEarlierManagement(api, self, talk);
  },
};
