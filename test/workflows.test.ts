// The workflows as they stand: pinned, no more rights than needed. `npm run lint:workflows` says whether they are valid,
// and test/e2e/workflows.test.ts runs their steps.
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { Forge } from "./support/workflows/forge.ts";

const root = join(import.meta.dirname, "..");
const folders = [".github/workflows", ".forgejo/workflows"];
const files = folders.flatMap((folder) => readdirSync(join(root, folder)).map((file) => `${folder}/${file}`));

interface Workflow {
  on: Record<string, unknown>;
  permissions?: Record<string, string>;
  jobs: Record<string, { permissions?: Record<string, string>; "timeout-minutes"?: number; steps: Step[] }>;
}
interface Step {
  if?: string;
  run?: string;
  uses?: string;
  with?: Record<string, unknown>;
}
const workflow = (file: string) => parse(readFileSync(join(root, file), "utf8")) as Workflow;
const steps = (file: string) => Object.values(workflow(file).jobs).flatMap((job) => job.steps);

it("are one for every change, one that runs a pull request's code, one that reports; and one for Forgejo", () => {
  expect(files.toSorted()).toEqual([
    ".forgejo/workflows/preview.yml",
    ".github/workflows/ci.yml",
    ".github/workflows/preview.yml",
    ".github/workflows/report.yml",
  ]);
});

describe.each(files)("%s", (file) => {
  it("pins every action by commit, and says which version that is", () => {
    const text = readFileSync(join(root, file), "utf8");
    const uses = text.split("\n").filter((line) => /^\s*(- )?uses:/.test(line));
    expect(uses.length).toBeGreaterThan(0);
    for (const line of uses) expect(line).toMatch(/uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it("gives no job more than it needs, and none for ever", () => {
    const { permissions, jobs } = workflow(file);
    // On Forgejo one job does it all; a fork gets no more than reading there, whatever is asked for.
    const { "pull-requests": comments = "read", ...others } = permissions ?? {};
    expect(comments).toBe(file.startsWith(".forgejo") ? "write" : "read");
    for (const value of Object.values(others)) expect(value).toBe("read");
    expect(permissions).toBeDefined();
    for (const job of Object.values(jobs)) expect(job["timeout-minutes"]).toBeGreaterThan(0);
  });

  it("leaves no token in the checkout, and puts nothing that others write into a script", () => {
    for (const { uses = "", with: inputs, run = "" } of steps(file)) {
      if (uses.startsWith("actions/checkout@")) expect(inputs?.["persist-credentials"]).toBe(false);
      expect(run).not.toContain("${{");
    }
  });

  it("calls npm scripts that exist", () => {
    const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const called = steps(file).flatMap(({ run = "" }) =>
      [...run.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name),
    );
    for (const name of called) expect(scripts).toHaveProperty([name ?? ""]);
  });
});

it("what runs a pull request's code can only read, and has no secrets", () => {
  const { on, permissions, jobs } = workflow(".github/workflows/preview.yml");
  expect(Object.keys(on)).toEqual(["pull_request"]);
  expect(permissions).toEqual({ contents: "read" });
  for (const job of Object.values(jobs)) expect(job.permissions).toBeUndefined();
  expect(readFileSync(join(root, ".github/workflows/preview.yml"), "utf8")).not.toMatch(
    /secrets\.|github\.token|GITHUB_TOKEN|pull_request_target/,
  );
});

it("what may write runs no code of the pull request", () => {
  const checkout = steps(".github/workflows/report.yml").find(({ uses = "" }) => uses.startsWith("actions/checkout@"));
  expect(checkout?.with).toEqual({ "persist-credentials": false });
  expect(steps(".github/workflows/report.yml").flatMap(({ run }) => run ?? [])).toEqual([
    "node .github/comment.ts report",
  ]);
});

it("on Forgejo the token goes to the base's code only, and never in a pull request from a fork", () => {
  const holders = steps(".forgejo/workflows/preview.yml").filter((step) =>
    JSON.stringify(step).includes("github.token"),
  );
  expect(holders).toHaveLength(1);
  expect(holders[0]?.if).toContain("github.event.pull_request.head.repo.full_name == github.repository");
  expect(holders[0]?.run).toContain('git show "$BASE_SHA:.github/comment.ts" > "$script"');
});

describe("the comment", { timeout: 30_000 }, () => {
  const forge = new Forge();
  const sha = "a".repeat(40);
  const mark = "<!-- xnai-report -->";
  const others = (count: number) =>
    Array.from({ length: count }, (_, i) => ({ id: i + 1, body: "a word", user: { type: "User", login: "me" } }));

  beforeAll(() => forge.listen());
  afterAll(() => forge.close());
  beforeEach(() => {
    forge.requests.length = 0;
    forge.comments = [];
    forge.pulls = [{ number: 7, head: { sha } }];
    forge.readOnly = false;
    forge.pageSize = 100;
  });

  async function comment(parts: Record<string, string>, more: Record<string, string> = {}) {
    const reports = mkdtempSync(join(tmpdir(), "xnai-comment-"));
    for (const [name, text] of Object.entries(parts)) writeFileSync(join(reports, name), text);
    const output = join(reports, "output");
    const ran = await execa(process.execPath, [join(root, ".github/comment.ts"), reports], {
      env: {
        GITHUB_API_URL: forge.api,
        GITHUB_REPOSITORY: "me/stack",
        GITHUB_TOKEN: "token",
        GITHUB_OUTPUT: output,
        HEAD_OWNER: "some one",
        HEAD_BRANCH: "a&b",
        HEAD_SHA: sha,
        RUN_URL: "https://example.test/run/1",
        CONCLUSION: "failure",
        ...more,
      },
      reject: false,
    });
    return { ...ran, output };
  }
  const mine = () => forge.comments.filter(({ body }) => body.startsWith(mark));

  it("is made once", async () => {
    const { output } = await comment({ "preview.md": "plan", "policies.md": "rules" });
    expect(forge.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      "GET /repos/me/stack/pulls?state=open&head=some%20one%3Aa%26b&per_page=100",
      "GET /repos/me/stack/issues/7/comments?per_page=100",
      "POST /repos/me/stack/issues/7/comments",
    ]);
    expect(mine().map(({ body }) => body)).toEqual([
      "<!-- xnai-report -->\nplan\nrules\n[The whole run](https://example.test/run/1)",
    ]);
    expect(readFileSync(output, "utf8")).toBe("number=7\n");
  });

  it("is updated in place afterwards, and nobody else's is touched", async () => {
    const copied = { id: 1, body: `${mark} not me`, user: { type: "User", login: "other" } };
    forge.comments = [copied, { id: 2, body: `${mark}\nold`, user: { type: "Bot", login: "github-actions[bot]" } }];
    await comment({ "preview.md": "plan" });
    expect(forge.requests.at(-1)).toMatchObject({ method: "PATCH", url: "/repos/me/stack/issues/comments/2" });
    expect(forge.comments[0]).toEqual(copied);
  });

  it("is found again behind more than a hundred others, whatever a page holds", async () => {
    for (const [count, pageSize] of [
      [250, 100],
      [100, 50],
      [101, 30],
    ] as const) {
      forge.comments = others(count);
      forge.pageSize = pageSize;
      await comment({ "preview.md": "first" });
      await comment({ "preview.md": "second" });
      expect(forge.comments).toHaveLength(count + 1);
      expect(mine()).toHaveLength(1);
      expect(mine()[0]?.body).toContain("second");
    }
  });

  it("finds its pull request behind a hundred others of the same branch name", async () => {
    const more = Array.from({ length: 130 }, (_, i) => ({ number: 100 + i, head: { sha: "c".repeat(40) } }));
    forge.pulls = [...more, { number: 7, head: { sha } }];
    await comment({ "preview.md": "plan" });
    expect(mine()).toHaveLength(1);
  });

  it("is one again where earlier runs have left several", async () => {
    const user = { type: "Bot", login: "github-actions[bot]" };
    forge.comments = [1, 2, 3].map((id) => ({ id, body: `${mark}\nold`, user }));
    await comment({ "preview.md": "plan" });
    expect(forge.comments.map(({ id, body }) => [id, body.includes("plan")])).toEqual([[1, true]]);
  });

  it("goes to the pull request of the event where it names one, by the accounts of Forgejo and Gitea too", async () => {
    for (const login of ["forgejo-actions", "gitea-actions"]) {
      forge.comments = [{ id: 1, body: `${mark}\nold`, user: { login } }];
      forge.requests.length = 0;
      await comment({ "preview.md": "plan" }, { PULL_NUMBER: "7" });
      expect(forge.requests.map(({ method }) => method)).toEqual(["GET", "PATCH"]);
    }
  });

  it("sends its token nowhere else", async () => {
    const elsewhere = new Forge();
    await elsewhere.listen();
    const page = forge.api;
    forge.comments = others(150);
    Object.defineProperty(forge, "api", { get: () => elsewhere.api, configurable: true });
    await comment({ "preview.md": "plan" }, { GITHUB_API_URL: page });
    Reflect.deleteProperty(forge, "api");
    expect(elsewhere.requests).toEqual([]);
    elsewhere.close();
  });

  it("says what is missing when the token may only read", async () => {
    forge.readOnly = true;
    const { exitCode, stderr } = await comment({ "preview.md": "plan" });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("403");
    expect(stderr).toContain("The token has to be allowed to comment on pull requests.");
  });

  it("says so when there is nothing to report, and fits into a comment", async () => {
    await comment({});
    expect(mine()[0]?.body).toContain("The preview ended (failure) before there was anything to report.");
    const long = `<details>\n${"x\n".repeat(50_000)}</details>\n`;
    await comment({ "preview.md": "plan\n", "policies.md": long });
    const [found] = mine();
    expect(found?.body.length).toBeLessThan(65_536);
    expect(found?.body).not.toContain("<details>");
    await comment({ "preview.md": "x".repeat(100_000) });
    expect(mine()[0]?.body.length).toBeLessThan(65_536);
  });

  it("is not made for a commit that is no head any more", async () => {
    const { stdout } = await comment({ "preview.md": "plan" }, { HEAD_SHA: "b".repeat(40) });
    expect(stdout).toContain("nothing to comment on");
    expect(forge.requests).toHaveLength(1);
  });
});
