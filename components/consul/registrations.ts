// The apps that use Consul, in its catalogue: registered in the running agent, which keeps them on disk, because a changed file
// would restart it; each with its own token, so that it may change its registration itself.
import type { StackConfig } from "../config/keys/base.ts";
import { type Client, clientsOf } from "../definition/clients.ts";
import { checkTimes } from "./agent-config.ts";

const wantedName = (app: string) => `service ${app}`;

/** The registration of each app that Consul can ask how it is. One that is asked by a command registers itself. */
export function registrationsOf(config: StackConfig): Record<string, string> {
  return Object.fromEntries(
    clientsOf(config, "consul").flatMap(({ name, app: { health, route } }) => {
      const check = checkOf(name, health);
      return check
        ? [
            [
              wantedName(name),
              JSON.stringify(registration(config.prefix, name, route?.port ?? check.port, check.asked)),
            ],
          ]
        : [];
    }),
  );
}

const registration = (prefix: string, name: string, port: number, asked: object) => ({
  ID: name,
  Name: name,
  Address: name,
  Port: port,
  Tags: [prefix],
  Check: { Name: `${name} answers`, ...checkTimes, ...asked },
});

function checkOf(name: string, health: Client["app"]["health"]) {
  if (!health) return undefined;
  if ("http" in health) return { port: health.port, asked: { http: `http://${name}:${health.port}${health.http}` } };
  if ("tcp" in health) return { port: health.tcp, asked: { tcp: `${name}:${health.tcp}` } };
  return undefined;
}

/** Asks the agent, with a token. @throws Error with what it answers instead of 200 */
export type AskAgent = (method: string, path: string, token: string, body?: object) => Promise<string>;

/** Registers the apps. @param wanted with the registrations @param tokenOf an app's token */
export async function register(
  ask: AskAgent,
  clients: readonly Client[],
  wanted: Record<string, string>,
  tokenOf: (client: Client) => string,
): Promise<void> {
  for (const client of clients) {
    const text = wanted[wantedName(client.name)];
    if (text !== undefined) await ask("PUT", "service/register", tokenOf(client), JSON.parse(text));
  }
}

/** Removes whatever is registered under the name of an app. */
export async function deregister(ask: AskAgent, app: string, management: string): Promise<void> {
  const there = JSON.parse(await ask("GET", "services", management)) as Record<string, { ID: string; Service: string }>;
  for (const { ID, Service } of Object.values(there))
    if (Service === app) await ask("PUT", `service/deregister/${encodeURIComponent(ID)}`, management);
}
