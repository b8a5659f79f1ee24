// The workflows as they stand: pinned, no more rights than needed. `npm run lint:workflows` says whether they are valid,
// and test/e2e/workflows.test.ts runs their steps.
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";

const root = join(import.meta.dirname, "..");
const folder = join(root, ".github/workflows");
const files = readdirSync(folder);

interface Workflow {
  on: Record<string, unknown>;
  permissions?: Record<string, string>;
  jobs: Record<string, { permissions?: Record<string, string>; "timeout-minutes"?: number; steps: Step[] }>;
}
interface Step {
  run?: string;
  uses?: string;
  with?: Record<string, unknown>;
}
const workflow = (file: string) => parse(readFileSync(join(folder, file), "utf8")) as Workflow;
const steps = (file: string) => Object.values(workflow(file).jobs).flatMap((job) => job.steps);

it("are three: one for every change, one that runs a pull request's code, one that reports", () => {
  expect(files.sort()).toEqual(["ci.yml", "preview.yml", "report.yml"]);
});

describe.each(files)("%s", (file) => {
  it("pins every action by commit, and says which version that is", () => {
    const text = readFileSync(join(folder, file), "utf8");
    const uses = text.split("\n").filter((line) => /^\s*(- )?uses:/.test(line));
    expect(uses.length).toBeGreaterThan(0);
    for (const line of uses) expect(line).toMatch(/uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it("gives no job more than it needs, and none for ever", () => {
    const { permissions, jobs } = workflow(file);
    for (const value of Object.values(permissions ?? {})) expect(value).toBe("read");
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
  const { on, permissions, jobs } = workflow("preview.yml");
  expect(Object.keys(on)).toEqual(["pull_request"]);
  expect(permissions).toEqual({ contents: "read" });
  for (const job of Object.values(jobs)) expect(job.permissions).toBeUndefined();
  expect(readFileSync(join(folder, "preview.yml"), "utf8")).not.toMatch(
    /secrets\.|github\.token|GITHUB_TOKEN|pull_request_target/,
  );
});

it("what may write runs no code of the pull request", () => {
  const checkout = steps("report.yml").find(({ uses = "" }) => uses.startsWith("actions/checkout@"));
  expect(checkout?.with).toEqual({ "persist-credentials": false });
  expect(steps("report.yml").flatMap(({ run }) => run ?? [])).toEqual(["node .github/comment.ts report"]);
});

describe("the comment", () => {
  let server: Server;
  let requests: { method: string; url: string; body: { body?: string } }[] = [];
  let comments: object[] = [];
  const sha = "a".repeat(40);

  beforeAll(async () => {
    server = createServer((request, response) => {
      let text = "";
      request.on("data", (part) => {
        text += part;
      });
      request.on("end", () => {
        requests.push({ method: request.method ?? "", url: request.url ?? "", body: text ? JSON.parse(text) : {} });
        const answer = request.url?.includes("/pulls?")
          ? [{ number: 7, head: { sha } }]
          : request.method === "GET"
            ? comments
            : {};
        response.setHeader("content-type", "application/json").end(JSON.stringify(answer));
      });
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  });
  afterAll(() => server.close());
  beforeEach(() => {
    requests = [];
    comments = [];
  });

  async function comment(parts: Record<string, string>, more: Record<string, string> = {}) {
    const reports = mkdtempSync(join(tmpdir(), "xnai-comment-"));
    for (const [name, text] of Object.entries(parts)) writeFileSync(join(reports, name), text);
    const output = join(reports, "output");
    const { stdout } = await promisify(execFile)(process.execPath, [join(root, ".github/comment.ts"), reports], {
      env: {
        GITHUB_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
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
    });
    return { stdout, output };
  }

  it("is made once", async () => {
    const { output } = await comment({ "preview.md": "plan", "policies.md": "rules" });
    expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      "GET /repos/me/stack/pulls?state=open&head=some%20one%3Aa%26b",
      "GET /repos/me/stack/issues/7/comments?per_page=100",
      "POST /repos/me/stack/issues/7/comments",
    ]);
    expect(requests[2]?.body.body).toBe(
      "<!-- xnai-report -->\nplan\nrules\n[The whole run](https://example.test/run/1)",
    );
    expect(readFileSync(output, "utf8")).toBe("number=7\n");
  });

  it("is updated in place afterwards, and nobody else's is touched", async () => {
    comments = [
      { id: 1, body: "<!-- xnai-report --> not me", user: { type: "User" } },
      { id: 2, body: "<!-- xnai-report -->\nold", user: { type: "Bot" } },
    ];
    await comment({ "preview.md": "plan" });
    expect(requests.at(-1)).toMatchObject({ method: "PATCH", url: "/repos/me/stack/issues/comments/2" });
  });

  it("says so when there is nothing to report, and fits into a comment", async () => {
    await comment({});
    expect(requests.at(-1)?.body.body).toContain("The preview ended (failure) before there was anything to report.");
    await comment({ "preview.md": "x".repeat(100_000) });
    expect(requests.at(-1)?.body.body?.length).toBeLessThan(65_536);
  });

  it("is not made for a commit that is no head any more", async () => {
    const { stdout } = await comment({ "preview.md": "plan" }, { HEAD_SHA: "b".repeat(40) });
    expect(stdout).toContain("nothing to comment on");
    expect(requests).toHaveLength(1);
  });
});
