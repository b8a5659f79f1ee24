// Makes or updates the one comment of a pull request that holds what a review found: `node .github/comment.ts FOLDER`, with a
// token that may comment. GitHub, Forgejo and Gitea have the same API for that. The files in FOLDER come from the pull
// request: they are text.
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** By this the comment is found again. */
const mark = "<!-- xnai-report -->";
/** Longest comment that GitHub takes is 65,536 characters. */
const longest = 65_000;
/** Accounts of the tokens that a workflow gets by itself: GitHub's is a bot by its type. */
const ownAccounts = ["forgejo-actions", "gitea-actions"];

function env(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: this runs in a workflow`);
  return value;
}

interface Pull {
  number: number;
  head: { sha: string };
}
interface Comment {
  id: number;
  body?: string;
  user?: { type?: string; login?: string } | null;
}

const api = process.env.GITHUB_API_URL ?? "https://api.github.com";
const repository = `${api}/repos/${env("GITHUB_REPOSITORY")}`;

async function call(method: string, url: string, body?: object): Promise<Response> {
  const response = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${env("GITHUB_TOKEN")}`,
      accept: "application/json",
      "content-type": "application/json",
    },
    body: body && JSON.stringify(body),
  });
  if (response.ok) return response;
  const may = [401, 403].includes(response.status) ? " The token has to be allowed to comment on pull requests." : "";
  throw new Error(`${method} ${url}: ${response.status} ${(await response.text()).slice(0, 500)}${may}`);
}

/** Everything of a list, page by page: the server names the next one. */
async function all<T>(path: string): Promise<T[]> {
  const found: T[] = [];
  let next: string | undefined = `${repository}/${path}`;
  while (next !== undefined) {
    const response: Response = await call("GET", next);
    found.push(...((await response.json()) as T[]));
    const [, link] = /<([^>]+)>;[^,]*\brel="next"/.exec(response.headers.get("link") ?? "") ?? [];
    // The token goes nowhere else.
    next = link !== undefined && new URL(link).origin === new URL(api).origin ? link : undefined;
  }
  return found;
}

/** From the event where it tells, else by the head of the run: what the pull request itself says is not asked. */
async function pullNumber(): Promise<number | undefined> {
  if (process.env.PULL_NUMBER) return Number(process.env.PULL_NUMBER);
  const head = encodeURIComponent(`${env("HEAD_OWNER")}:${env("HEAD_BRANCH")}`);
  const pulls = await all<Pull>(`pulls?state=open&head=${head}&per_page=100`);
  return pulls.find((each) => each.head.sha === env("HEAD_SHA"))?.number;
}

function text(folder: string): string {
  const parts = ["preview.md", "policies.md"].map((name) => join(folder, name)).filter((file) => existsSync(file));
  const found = parts.map((file) => readFileSync(file, "utf8"));
  const link = `[The whole run](${env("RUN_URL")})`;
  if (found.length === 0)
    found.push(`❌ The preview ended (${env("CONCLUSION")}) before there was anything to report.\n`);
  const body = [mark, ...found, link].join("\n");
  return body.length <= longest ? body : `${cut(body, longest - link.length - 20)}\n\n… ${link}`;
}

/** Whole lines, and no fold that stays open: what follows would be in it. */
function cut(body: string, length: number): string {
  const short = body.slice(0, length);
  const whole = short.slice(0, Math.max(short.lastIndexOf("\n"), 0)) || short;
  return whole.lastIndexOf("<details>") > whole.lastIndexOf("</details>")
    ? whole.slice(0, whole.lastIndexOf("<details>"))
    : whole;
}

const number = await pullNumber();
if (number === undefined) {
  console.log("No open pull request has this commit as its head any more: nothing to comment on.");
} else {
  if (process.env.GITHUB_OUTPUT) appendFileSync(process.env.GITHUB_OUTPUT, `number=${number}\n`);
  const body = text(process.argv[2] ?? ".");
  const comments = await all<Comment>(`issues/${number}/comments?per_page=100`);
  const isOwn = ({ user }: Comment) => user?.type === "Bot" || ownAccounts.includes(user?.login ?? "");
  const [mine, ...surplus] = comments.filter((each) => isOwn(each) && each.body?.startsWith(mark));
  if (mine) await call("PATCH", `${repository}/issues/comments/${mine.id}`, { body });
  else await call("POST", `${repository}/issues/${number}/comments`, { body });
  for (const { id } of surplus) await call("DELETE", `${repository}/issues/comments/${id}`);
  console.log(`${mine ? "Updated" : "Made"} the comment of pull request ${number}.`);
}
