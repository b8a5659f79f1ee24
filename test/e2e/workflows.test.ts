// The workflows, run by act as a runner would: one checkout, one pull request that is pushed to again and again, and a forge on
// loopback that keeps the comments. `npm ci` is replaced by a link, since nothing can be fetched here; .ci/run, which runs
// it, is not run inside itself.
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { cloneCheckout } from "../support/stack.ts";
import { runWorkflow } from "../support/workflows/act.ts";
import { Forge } from "../support/workflows/forge.ts";

const checkout = join(import.meta.dirname, "../..");
const forge = new Forge();
/** Secrets of whoever runs this: in the environment, and encrypted in the stack's file. */
const canaries = ["c4n4ry-of-the-environment", "v1:c4n4ry-encrypted"];
let folder: string;
let base: string;
let temporary: string;
let artifacts: string;

const git = async (...args: string[]) =>
  (await execa("git", ["-c", "user.name=t", "-c", "user.email=t@example.test", ...args], { cwd: folder })).stdout;

/** A commit of the pull request, which says how the stack is configured. */
async function push(config: object): Promise<string> {
  const token = { "other:token": { secure: canaries[1] } };
  await writeFile(join(folder, "Pulumi.dev.yaml"), stringify({ config: { ...token, ...config } }));
  await git("commit", "-qam", "change");
  return git("rev-parse", "HEAD");
}

/** An `npm` whose `ci` links what is installed here. */
async function fakeNpm(script: string): Promise<string> {
  const bin = await mkdtemp(join(temporary, "bin-"));
  await writeFile(join(bin, "npm"), `#!/bin/sh\n${script}\n`);
  await chmod(join(bin, "npm"), 0o755);
  return bin;
}

let bin: string;

beforeAll(async () => {
  await forge.listen();
  temporary = await mkdtemp(join(tmpdir(), "xnai-workflows-"));
  artifacts = join(temporary, "artifacts");
  folder = await cloneCheckout("workflow");
  await rm(join(folder, "node_modules"));
  // Not as an up in this checkout has left it.
  await writeFile(join(folder, "Pulumi.dev.yaml"), stringify({ config: {} }));
  await git("init", "-q");
  await git("add", "-A");
  await git("commit", "-qm", "base");
  base = await git("rev-parse", "HEAD");
  const { stdout: npm } = await execa("bash", ["-c", "command -v npm"]);
  bin = await fakeNpm(
    `if [ "$1" = ci ]; then ln -sfn "${checkout}/node_modules" node_modules; else exec "${npm}" "$@"; fi`,
  );
});

afterAll(async () => {
  forge.close();
  await rm(temporary, { recursive: true, force: true });
  await rm(join(folder, ".."), { recursive: true, force: true });
});

const common = () => ({
  folder,
  bin,
  token: "token",
  env: {
    ARTIFACTS: artifacts,
    GITHUB_API_URL: forge.api,
    GITHUB_REPOSITORY: "me/stack",
    DEPLOY_KEY: canaries[0] ?? "",
  },
});

/** GitHub's own two workflows after a push, as GitHub calls them one after the other. @param owner of the fork */
async function onGitHub(head: string, owner = "me") {
  await rm(artifacts, { recursive: true, force: true });
  await mkdir(artifacts);
  forge.requests.length = 0;
  const pull = { number: 7, base: { sha: base }, head: { sha: head } };
  const workflow = ".github/workflows/preview.yml";
  const preview = await runWorkflow({ ...common(), workflow, event: "pull_request", payload: { pull_request: pull } });
  // What runs a pull request's code asks the forge for nothing.
  expect(forge.requests).toEqual([]);
  return { preview, report: await report(head, preview.ok ? "success" : "failure", owner) };
}

async function report(head: string, conclusion: string, owner = "me") {
  forge.pulls = [{ number: 7, head: { sha: head } }];
  const run = {
    id: 1,
    event: "pull_request",
    conclusion,
    head_branch: "change",
    head_sha: head,
    html_url: "https://example.test/run/1",
    head_repository: { full_name: `${owner}/stack`, owner: { login: owner } },
  };
  const workflow = ".github/workflows/report.yml";
  return runWorkflow({ ...common(), workflow, event: "workflow_run", payload: { workflow_run: run } });
}

const mark = "<!-- xnai-report -->";
/** The one comment. */
function commented(): string {
  const mine = forge.comments.filter(({ body }) => body.startsWith(mark));
  expect(mine).toHaveLength(1);
  return mine[0]?.body ?? "";
}

describe("on GitHub, a pull request with more than a hundred comments", () => {
  beforeAll(() => {
    forge.comments = Array.from({ length: 130 }, (_, i) => ({
      id: i + 1,
      body: "a word",
      user: { type: "User", login: "somebody" },
    }));
  });

  it("is told once what it changes, what is dangerous about it first", async () => {
    const head = await push({
      "xnai:images": { source: "hub" },
      "xnai:exposure": { redis: { port: 16379 } },
      "xnai:egress": ["qdrant"],
      "xnai:services": { consul: false },
    });
    const { preview, report } = await onGitHub(head);
    expect(preview, preview.all).toMatchObject({ ok: true });
    expect(report, report.all).toMatchObject({ ok: true });
    const text = commented();
    expect(text).toMatch(/^✅ \d+ are replaced, 6 are removed, 1 is added; \d+ unchanged\.$/m);
    const order = [
      "✅",
      "Look at this first",
      "When this is merged",
      "#### redis",
      "Pulumi's own steps",
      "Policies on",
    ];
    const found = order.map((part) => text.indexOf(part));
    expect(found.every((at) => at >= 0)).toBe(true);
    expect(found).toEqual(found.toSorted((a, b) => a - b));
    expect(text).toContain("Port 16379 opens on 127.0.0.1 for xnai\\_redis");
    expect(text).toContain("Port 8500 closes on 127.0.0.1");
    expect(text).toContain("A way out opens: xnai\\_qdrant can connect to whatever this host can reach");
    expect(text).not.toContain("data is deleted");
    expect(forge.requests.map(({ method }) => method)).toEqual(["GET", "GET", "GET", "POST"]);
    expect(JSON.parse(await readFile(join(artifacts, "sarif/policies.sarif"), "utf8")).version).toBe("2.1.0");
    expect(await readFile(join(artifacts, "sarif/ref"), "utf8")).toBe("refs/pull/7/head\n");
    for (const file of await readdir(join(artifacts, "report")))
      for (const secret of canaries)
        expect(await readFile(join(artifacts, "report", file), "utf8"), file).not.toContain(secret);
  });

  it("has the same comment with what is new when it breaks a rule, from a fork too", async () => {
    const head = await push({ "xnai:images": { source: "hub", refs: { redis: "redis:latest" } } });
    const { preview, report } = await onGitHub(head, "stranger");
    expect(preview.ok).toBe(false);
    expect(report, report.all).toMatchObject({ ok: true });
    const text = commented();
    expect(text).toContain("❌ ");
    expect(text).toContain("image-pinned");
    expect(text).toContain("Image of xnai\\_redis changes from");
    expect(text).not.toContain("Port 16379");
    expect(forge.requests.map(({ method }) => method)).toEqual(["GET", "GET", "GET", "PATCH"]);
  });

  it("and when the preview fails", async () => {
    const head = await push({ "xnai:redis": { maxMemory: 1 } });
    const { preview, report } = await onGitHub(head);
    expect(preview.ok).toBe(false);
    expect(report, report.all).toMatchObject({ ok: true });
    expect(commented()).toContain("❌ The preview did not come to its end.");
    expect(commented()).toContain("maxMemoryMiB");
  });

  it("and when there is no preview at all", async () => {
    await rm(artifacts, { recursive: true, force: true });
    const { ok, all } = await report(await git("rev-parse", "HEAD"), "failure");
    expect(ok, all).toBe(true);
    expect(commented()).toContain("The preview ended (failure) before there was anything to report.");
    expect(forge.comments).toHaveLength(131);
  });
});

describe("on Forgejo", () => {
  const workflow = ".forgejo/workflows/preview.yml";
  const event = "pull_request";
  const payload = (head: string, owner: string) => ({
    repository: { full_name: "me/stack" },
    pull_request: { number: 7, base: { sha: base }, head: { sha: head, repo: { full_name: `${owner}/stack` } } },
  });
  beforeAll(() => {
    forge.comments = [];
    forge.account = { login: "forgejo-actions" };
    forge.pageSize = 50;
  });

  it("the comment is made, and updated, also when a rule is broken", async () => {
    const head = await push({ "xnai:images": { source: "hub", refs: { redis: "redis:latest" } } });
    const run = { ...common(), workflow, event, payload: payload(head, "me") };
    const first = await runWorkflow(run);
    expect(first.ok).toBe(false);
    expect(commented(), first.all).toContain("image-pinned");
    forge.requests.length = 0;
    const quick = await fakeNpm(`case "$*" in *review*) echo once-more > "$OUT/preview.md"; exit 5 ;; esac`);
    const second = await runWorkflow({ ...run, bin: quick });
    expect(second.ok).toBe(false);
    expect(commented(), second.all).toContain("once-more");
    expect(forge.requests.map(({ method }) => method)).toEqual(["GET", "PATCH"]);
  });

  it("a fork's is in the log: its token can only read, and is not tried", async () => {
    forge.requests.length = 0;
    const quick = await fakeNpm(`case "$*" in *review*) echo plan-of-a-fork > "$OUT/preview.md" ;; esac`);
    const { ok, all } = await runWorkflow({
      ...common(),
      bin: quick,
      workflow,
      event,
      payload: payload(base, "stranger"),
    });
    expect(ok, all).toBe(true);
    expect(all).toContain("plan-of-a-fork");
    expect(forge.requests).toEqual([]);
  });
});

describe("npm run review", () => {
  const review = (args: string[], env: Record<string, string> = {}) =>
    execa(process.execPath, ["ops/xnai.mjs", "review", ...args], {
      cwd: folder,
      env: { TMPDIR: temporary, ...env },
      reject: false,
      stdin: "ignore",
    });
  const left = async () => (await readdir(temporary)).filter((name) => /^xnai-(review|policy)-/.test(name));
  beforeAll(() =>
    rm(join(folder, "node_modules"), { force: true }).then(() =>
      execa("ln", ["-s", join(checkout, "node_modules"), join(folder, "node_modules")]),
    ),
  );

  it("compares with where the branch began, and leaves the repository as it was", async () => {
    await git("branch", "-f", "topic", await push({ "xnai:redis": { maxMemoryMiB: 1024 } }));
    await git("checkout", "-q", "-B", "other", base);
    await push({ "xnai:qdrant": { logLevel: "DEBUG" } });
    await git("checkout", "-q", "topic");
    const before = [await git("status", "--porcelain"), await git("worktree", "list")];
    const { exitCode, stdout, stderr } = await review(["--base", "other"]);
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toContain(`Compared with ${base}`);
    expect(stdout).toContain("+maxmemory 1024mb");
    expect(stdout).not.toContain("#### qdrant");
    expect([await git("status", "--porcelain"), await git("worktree", "list")]).toEqual(before);
    expect(await left()).toEqual([]);
  });

  it("says what it is compared with when the base cannot be previewed, and goes on", async () => {
    await git("checkout", "-q", "-B", "broken", base);
    await writeFile(join(folder, "package-lock.json"), "{}");
    await git("commit", "-qam", "other dependencies");
    const broken = await git("rev-parse", "HEAD");
    await git("revert", "--no-edit", "HEAD");
    const npm = await fakeNpm('echo "npm error no such package" >&2; exit 1');
    const { exitCode, stdout, stderr } = await review(["--base", broken], { PATH: `${npm}:${process.env.PATH}` });
    expect(exitCode).toBe(0);
    expect(stderr).toContain("the base has other dependencies: npm ci");
    expect(stdout).toContain(`Compared with nothing, because the base ${broken} cannot be previewed`);
    expect(stdout).toContain("no such package");
    expect(await left()).toEqual([]);
  });

  it("cleans up when it is told to stop, and after one that was killed", async () => {
    const run = (signal: NodeJS.Signals) => async () => {
      const running = review(["--base", base]);
      await expect.poll(left, { timeout: 60_000 }).toHaveLength(1);
      running.kill(signal);
      await running;
    };
    await run("SIGTERM")();
    expect(await left()).toEqual([]);
    await run("SIGKILL")();
    expect(await left()).toHaveLength(1);
    expect((await review(["--base", base])).exitCode).toBe(0);
    expect(await left()).toEqual([]);
  });

  it("names a base that is not there", async () => {
    const { exitCode, stderr } = await review(["--base", "nowhere"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("There is no commit nowhere in");
  });
});

it("ci.yml: the policies, and their summary", async () => {
  await git("checkout", "-q", "-B", "main", base);
  await push({ "xnai:images": { source: "hub" } });
  const { ok, all } = await runWorkflow({
    ...common(),
    workflow: ".github/workflows/ci.yml",
    job: "policies",
    event: "push",
    payload: { ref: "refs/heads/main" },
  });
  expect(ok, all).toBe(true);
  expect(all).toContain("no violation");
});

it("what else they run is run by .ci/run", async () => {
  const { jobs } = parse(await readFile(join(checkout, ".github/workflows/ci.yml"), "utf8"));
  const commands = (job: string) =>
    (jobs[job].steps as { run?: string }[]).flatMap(({ run }) => (run === undefined ? [] : [run]));
  expect(commands("check")).toEqual(["npm ci", "npm test", "npm run lint:workflows"]);
  const ci = await readFile(join(checkout, ".ci/run"), "utf8");
  for (const command of ["npm ci", "npm test", "npm run lint:workflows", "npm run test:e2e"])
    expect(ci).toContain(command);
  expect(commands("e2e")).toEqual([expect.stringContaining(".ci/run")]);
});
