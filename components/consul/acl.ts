// Who may do what in Consul: its policies and tokens. Pure.
import type { StackConfig } from "../config/keys/base.ts";
import { clientsOf } from "../definition/clients.ts";
import type { Listed } from "../definition/presentation.ts";
import { uuidFrom } from "../definition/secret.ts";
import { nodeName, ownServices } from "./agent-config.ts";

/** Tokens for everybody but the server itself -> the secret that each is. */
export const tokenSecrets = {
  agent: "consulAgentToken",
  registrar: "consulRegistrarToken",
  viewer: "consulViewerToken",
} as const;
export type TokenName = keyof typeof tokenSecrets;
export const tokenNames = Object.keys(tokenSecrets) as TokenName[];

/** How the names of apps' tokens begin. */
export const appMark = "app-";

/** The stack's tokens, and those of the apps that use Consul -> the secret that each is. */
export const tokensOf = (config: StackConfig): Record<string, string> => ({
  ...tokenSecrets,
  ...Object.fromEntries(clientsOf(config, "consul").map(({ name, secret }) => [appMark + name, secret("token")])),
});

/** The token that may do everything; the server uses it for itself. */
export const managementSecret = "consulManagementToken";

const rule = (kind: string, name: string, policy: "read" | "write") =>
  `${kind} ${JSON.stringify(name)} { policy = "${policy}" }`;

/** Rules in HCL; an exact name counts before a prefix. */
export function policyRules(config: StackConfig, services: readonly Listed[]): Record<string, string> {
  const apps = clientsOf(config, "consul").map(({ name }) => name);
  const protectedServices = ["consul", ...ownServices(services), ...apps].map((name) => rule("service", name, "read"));
  const looking = [rule("node_prefix", "", "read"), rule("service_prefix", "", "read")];
  const rules = {
    // Other nodes: each may register itself and see services, none may speak for the server.
    agent: [
      rule("node_prefix", "", "write"),
      rule("node", nodeName(config), "read"),
      rule("service_prefix", "", "read"),
    ],
    // Services: any name but those of the stack and of its apps.
    registrar: [rule("service_prefix", "", "write"), ...protectedServices, rule("node_prefix", "", "read")],
    // The UI: nodes, services and their health; no keys and values.
    viewer: looking,
    // Apps: each may register and check itself, and look for others.
    ...Object.fromEntries(apps.map((name) => [appMark + name, [rule("service", name, "write"), ...looking]])),
  };
  return Object.fromEntries(Object.entries(rules).map(([name, lines]) => [name, lines.join("\n")]));
}

/** Accessor of a token: public, and always the same, so that the task finds it again. */
export const accessorOf = (config: StackConfig, name: string) => uuidFrom(`${config.prefix} ${name}`);

export const policyName = (config: StackConfig, name: string) => `${config.prefix}-${name}`;
/** By which a token is known. */
export const description = (config: StackConfig, name: string) => `${config.prefix} ${name}`;
