// Every `run:` step of the workflows, here, as a runner would: in order, in one clone, with the files that a runner has.
// `npm ci` is replaced by a link, since nothing can be fetched here; .ci/run, which runs it, is not run inside itself.
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { cloneCheckout } from "../support/stack.ts";

const checkout = join(import.meta.dirname, "../..");

interface Step {
  name?: string;
  run?: string;
  if?: string;
}
async function stepsOf(file: string, job: string) {
  const { jobs } = parse(await readFile(join(checkout, ".github/workflows", file), "utf8"));
  return (jobs[job].steps as Step[]).filter(({ run }) => run !== undefined);
}

/** A clone with two commits: the base, and a pull request that changes the stack's configuration. */
async function pullRequest(config: object): Promise<{ folder: string; base: string }> {
  const folder = await cloneCheckout("workflow");
  await rm(join(folder, "node_modules"));
  const git = (...args: string[]) =>
    execa("git", ["-c", "user.name=t", "-c", "user.email=t@example.test", ...args], { cwd: folder });
  await git("init", "-q");
  await git("add", "-A");
  await git("commit", "-qm", "base");
  const { stdout: base } = await git("rev-parse", "HEAD");
  await writeFile(join(folder, "Pulumi.dev.yaml"), stringify({ config }));
  await git("commit", "-qam", "change");
  return { folder, base };
}

/** An `npm` whose `ci` links what is installed here. */
async function fakeNpm(): Promise<string> {
  const bin = await mkdtemp(join(tmpdir(), "xnai-npm-"));
  const { stdout: npm } = await execa("bash", ["-c", "command -v npm"]);
  const script = `#!/bin/sh\nif [ "$1" = ci ]; then ln -sfn "${checkout}/node_modules" node_modules; else exec "${npm}" "$@"; fi\n`;
  await writeFile(join(bin, "npm"), script);
  await chmod(join(bin, "npm"), 0o755);
  return bin;
}

/** Runs the steps as a runner does: after a failure only those with a condition go on. */
async function run(steps: Step[], folder: string, env: Record<string, string>) {
  const ran: Record<string, number | undefined> = {};
  let failed = false;
  for (const step of steps) {
    if (failed && step.if === undefined) continue;
    const { exitCode, all } = await execa("bash", ["-eo", "pipefail", "-c", step.run ?? ""], {
      cwd: folder,
      env: {
        ...env,
        PATH: `${await fakeNpm()}${delimiter}${dirname(process.execPath)}${delimiter}${process.env.PATH}`,
        CI: "true",
      },
      all: true,
      reject: false,
      stdin: "ignore",
    });
    ran[step.name ?? step.run ?? ""] = exitCode;
    if (exitCode !== 0) {
      failed = true;
      console.log(all.split("\n").slice(-30).join("\n"));
    }
  }
  return ran;
}

describe("preview.yml", () => {
  const all = [
    "npm ci",
    "What the base would create",
    "What this would create, and what is dangerous about the difference",
    "Policies",
    "Summary",
  ];
  async function preview(config: object) {
    const { folder, base } = await pullRequest(config);
    const out = join(folder, "report");
    const summary = join(folder, "summary.md");
    const ran = await run(await stepsOf("preview.yml", "preview"), folder, {
      OUT: out,
      BASE_SHA: base,
      GITHUB_STEP_SUMMARY: summary,
    });
    return { ran, out, summary: await readFile(summary, "utf8").catch(() => "") };
  }

  it("reports a change that is allowed, what is dangerous about it first", async () => {
    const { ran, summary, out } = await preview({
      "xnai:images": { source: "hub" },
      "xnai:exposure": { redis: { port: 16379 } },
      "xnai:policy": { "cpu-limited": "mandatory" },
    });
    expect(ran).toEqual(Object.fromEntries(all.map((name) => [name, 0])));
    expect(summary.indexOf("Look at this first")).toBeLessThan(summary.indexOf("Policies on"));
    expect(summary).toContain("Port 16379 opens on 127.0.0.1 for xnai\\_redis");
    expect(summary).toContain("Rule cpu-limited goes from its default level to mandatory");
    expect(JSON.parse(await readFile(join(out, "policies.sarif"), "utf8")).version).toBe("2.1.0");
  });

  it("reports a change that breaks a rule too, and fails", async () => {
    const { ran, summary } = await preview({ "xnai:images": { source: "hub", refs: { redis: "redis:latest" } } });
    expect(Object.keys(ran)).toEqual(all);
    expect(ran.Policies).toBe(5);
    expect(ran.Summary).toBe(0);
    expect(summary).toContain("image-pinned");
    expect(summary).toContain("Image of xnai\\_redis changes from");
  });
});

it("ci.yml: the policies, and their summary", async () => {
  const { folder } = await pullRequest({ "xnai:images": { source: "hub" } });
  const summary = join(folder, "summary.md");
  const ran = await run(await stepsOf("ci.yml", "policies"), folder, { GITHUB_STEP_SUMMARY: summary });
  expect(Object.values(ran)).toEqual([0, 0, 0]);
  expect(await readFile(summary, "utf8")).toContain("no violation");
});

it("what else they run is run by .ci/run, or by a test of its own", async () => {
  const check = await stepsOf("ci.yml", "check");
  expect(check.map(({ run }) => run)).toEqual(["npm ci", "npm test", "npm run lint:workflows"]);
  const ci = await readFile(join(checkout, ".ci/run"), "utf8");
  for (const command of ["npm ci", "npm test", "npm run lint:workflows", "npm run test:e2e"])
    expect(ci).toContain(command);
  expect((await stepsOf("ci.yml", "e2e")).map(({ run }) => run)).toEqual([expect.stringContaining(".ci/run")]);
  // test/workflows.test.ts runs this one against an API of its own.
  expect((await stepsOf("report.yml", "report")).map(({ run }) => run)).toEqual(["node .github/comment.ts report"]);
});
