// Makes or updates the one comment of a pull request that holds what preview.yml found: `node .github/comment.ts FOLDER`.
// Called by report.yml with a token that may comment. The files in FOLDER come from the pull request: they are text.
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** By this the comment is found again. */
const mark = "<!-- xnai-report -->";
/** Longest comment that GitHub takes is 65,536 characters. */
const longest = 65_000;

function env(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: this runs in .github/workflows/report.yml`);
  return value;
}

interface Pull {
  number: number;
  head: { sha: string };
}
interface Comment {
  id: number;
  body?: string;
  user?: { type?: string } | null;
}

const api = process.env.GITHUB_API_URL ?? "https://api.github.com";
const repository = env("GITHUB_REPOSITORY");

async function call<T>(method: string, path: string, body?: object): Promise<T> {
  const response = await fetch(`${api}/repos/${repository}/${path}`, {
    method,
    headers: { authorization: `Bearer ${env("GITHUB_TOKEN")}`, accept: "application/vnd.github+json" },
    body: body && JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

function text(folder: string): string {
  const parts = ["preview.md", "policies.md"].map((name) => join(folder, name)).filter((file) => existsSync(file));
  const found = parts.map((file) => readFileSync(file, "utf8"));
  const link = `[The whole run](${env("RUN_URL")})`;
  if (found.length === 0)
    found.push(`❌ The preview ended (${env("CONCLUSION")}) before there was anything to report.\n`);
  const body = [mark, ...found, link].join("\n");
  return body.length <= longest ? body : `${body.slice(0, longest - link.length - 20)}\n\n… ${link}`;
}

const head = encodeURIComponent(`${env("HEAD_OWNER")}:${env("HEAD_BRANCH")}`);
const pulls = await call<Pull[]>("GET", `pulls?state=open&head=${head}`);
const pull = pulls.find((each) => each.head.sha === env("HEAD_SHA"));
if (!pull) {
  console.log("No open pull request has this commit as its head any more: nothing to comment on.");
} else {
  if (process.env.GITHUB_OUTPUT) appendFileSync(process.env.GITHUB_OUTPUT, `number=${pull.number}\n`);
  const body = text(process.argv[2] ?? ".");
  const comments = await call<Comment[]>("GET", `issues/${pull.number}/comments?per_page=100`);
  const mine = comments.find((each) => each.user?.type === "Bot" && each.body?.startsWith(mark));
  if (mine) await call("PATCH", `issues/comments/${mine.id}`, { body });
  else await call("POST", `issues/${pull.number}/comments`, { body });
  console.log(`${mine ? "Updated" : "Made"} the comment of pull request ${pull.number}.`);
}
