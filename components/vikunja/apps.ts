// Apps in Vikunja. Each is a bot there: a user without a password, who belongs to a user that only the stack knows, has an API
// token that ends, and sees the projects that are shared with it. Tried in the source of 2.5.0.
import { createHmac } from "node:crypto";
import { referencesOf } from "../apps/references.ts";
import type { StackConfig } from "../config/keys/base.ts";
import { type Client, clientsOf } from "../definition/clients.ts";
import type { Talk } from "../definition/task.ts";
import { refusal, Session, untilItAnswers } from "./api.ts";

type Speaking = Omit<Talk, "wanted">;

/** The secret from which the passwords of the stack's users are made. It is not renewed: the passwords are. */
export const seedName = "vikunjaUserSeed";

/** The user to whom the bots belong. */
export const keeperName = "xnai-apps";
const keeperAddress = "xnai-apps@vikunja.localhost";
const keeperPassword = (seed: string) => createHmac("sha256", seed).update("vikunja apps").digest("hex").slice(0, 40);

/** Role of the secret that says when an app's token is renewed. */
export const tokenRole = "token";

/** Apps that have a token. */
export const tokenClients = (config: StackConfig): Client[] =>
  clientsOf(config, "vikunja").filter(({ app }) => referencesOf(app.env).includes("vikunja.token"));

/** Titles of the projects that an app is to see. */
export const projectsOf = ({ app }: Client): string[] => app.vikunja?.projects ?? [];

/** The user that an app is. Vikunja keeps names that begin like this for bots. */
export const botName = (app: string) => `bot-${app}`;

/** How long a token is valid. */
const validDays = 365;

/** How often the next `up` makes a new one: nine months may pass between two. */
export const renewedEveryDays = 90;

interface Bot {
  id: number;
  username: string;
}
interface Project {
  id: number;
  title: string;
  owner: { username: string };
}

/** What a token may be granted: https://vikunja.io/docs/api-documentation. Everything below tasks, and a look at projects. */
export function granted(routes: Record<string, Record<string, unknown>>): Record<string, string[]> {
  const looking = ["read_all", "read_one", "tasks_by_index"];
  return Object.fromEntries(
    Object.entries(routes).flatMap(([group, names]) => {
      const all = Object.keys(names);
      if (group === "projects") return [[group, all.filter((name) => looking.includes(name))]];
      return group.startsWith("tasks") || group === "labels" ? [[group, all]] : [];
    }),
  );
}

const keeper = ({ http, secrets }: Pick<Talk, "http" | "secrets">) =>
  Session.logIn(http, keeperName, keeperPassword(secrets[seedName] as string));

/** Makes the user to whom the bots belong, with the first of them. */
async function madeKeeper(talk: Speaking): Promise<Session> {
  const password = keeperPassword(talk.secrets[seedName] as string);
  const account = { username: keeperName, email: keeperAddress, password };
  const made = await talk.http.ask("POST", "/api/v1/register", account);
  const session = made.status === 200 ? await keeper(talk) : undefined;
  if (!session) throw refusal(made, `the registration of ${keeperName}, to whom the users of apps belong`);
  return session;
}

const botsOf = (owner: Session) => owner.all<Bot>("/api/v2/user/bots", (answer) => (answer as { items: Bot[] }).items);

async function botFor(owner: Session, app: string): Promise<Bot> {
  const there = (await botsOf(owner)).find(({ username }) => username === botName(app));
  return there ?? owner.must<Bot>("POST", "/api/v2/user/bots", { username: botName(app) });
}

const tokensOf = (owner: Session, { id }: Bot) => owner.all<{ id: number }>(`/api/v1/tokens?owner_id=${id}`);

/** @returns whether there was one besides `but` */
async function endTokens(owner: Session, bot: Bot, but?: number): Promise<boolean> {
  const ended = (await tokensOf(owner, bot)).filter(({ id }) => id !== but);
  for (const { id } of ended) await owner.must("DELETE", `/api/v1/tokens/${id}`);
  return ended.length > 0;
}

/** Shares the first user's projects of these titles with a bot, to be written in, and no others; what is missing is made. */
async function share(first: Session, owner: string, bot: Bot, titles: readonly string[], say: Talk["say"]) {
  const own = (await first.all<Project>("/api/v1/projects")).filter(
    (project) => project.id > 0 && project.owner.username === owner,
  );
  for (const title of titles.filter((each) => !own.some((project) => project.title === each))) {
    own.push(await first.must<Project>("PUT", "/api/v1/projects", { title }));
    say(`Vikunja: new project ${title}`);
  }
  for (const { id, title } of own) {
    const users = await first.all<{ username: string }>(`/api/v1/projects/${id}/users`);
    const shared = users.some(({ username }) => username === bot.username);
    if (titles.includes(title) && !shared)
      await first.must("PUT", `/api/v1/projects/${id}/users`, { username: bot.username, permission: 1 });
    if (!titles.includes(title) && shared) {
      await first.must("DELETE", `/api/v1/projects/${id}/users/${bot.username}`);
      say(`Vikunja: ${title} is no longer shared with ${bot.username}`);
    }
  }
}

/** What only the first user can do, if it still has the password that the stack gave it. */
export type FirstSession = (talk: Speaking) => Promise<Session | undefined>;

/** Where the stack cannot share, somebody else may have. */
async function checkShared({ http, config }: Speaking, token: string, app: string, titles: readonly string[]) {
  const seen = await new Session(http, token).all<Project>("/api/v1/projects");
  const missing = titles.filter((title) => !seen.some((project) => project.title === title));
  if (missing.length === 0) return;
  throw new Error(
    `Vikunja's user ${config.vikunja.user.name} has a password of their own, so that the stack cannot share ${missing.join(", ")} with ${app}: share it in Vikunja with ${botName(app)}, who may then write in it, and run up again`,
  );
}

/** Issues the token of an app, in place of those of before. */
export async function issueToken(talk: Speaking, client: Client, logIn: FirstSession): Promise<string> {
  const app = client.name;
  await untilItAnswers(talk.http, "issues tokens");
  const titles = projectsOf(client);
  const owner = (await keeper(talk)) ?? (await madeKeeper(talk));
  const bot = await botFor(owner, app);
  const { id, token } = await owner.must<{ id: number; token: string }>("PUT", "/api/v1/tokens", {
    title: `app ${app}`,
    owner_id: bot.id,
    expires_at: new Date(Date.now() + validDays * 86_400_000).toISOString(),
    permissions: granted(await owner.must("GET", "/api/v1/routes")),
  });
  await endTokens(owner, bot, id);
  const first = await logIn(talk);
  if (first) await share(first, talk.config.vikunja.user.name, bot, titles, talk.say);
  else await checkShared(talk, token, app, titles);
  return token;
}

/**
 * Keeps the projects of apps that are there already in step, and ends tokens and shares of those that are gone, or have no token
 * any more; the token last, so that nothing is forgotten.
 */
export async function keepApps(talk: Speaking, logIn: FirstSession): Promise<void> {
  const owner = await keeper(talk);
  if (!owner) return;
  const clients = new Map(tokenClients(talk.config).map((client) => [botName(client.name), client]));
  const { say, config } = talk;
  const bots = await botsOf(owner);
  const first = bots.length > 0 ? await logIn(talk) : undefined;
  for (const bot of bots) {
    const client = clients.get(bot.username);
    if ((await tokensOf(owner, bot)).length === 0) continue;
    if (first) await share(first, config.vikunja.user.name, bot, client ? projectsOf(client) : [], say);
    else
      say(
        `Vikunja: ${config.vikunja.user.name} has a password of their own, so which projects ${bot.username} sees stays`,
      );
    if (!client && (await endTokens(owner, bot))) say(`Vikunja: the token of ${bot.username} is no longer valid`);
  }
}
