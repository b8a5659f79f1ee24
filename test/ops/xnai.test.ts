// The `xnai` command: its exit codes and what it prints. Most of this needs a process of its own, which costs half a second
// of CPU; what one verb says of itself does not.
import { execFile } from "node:child_process";
import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { exitCode } from "../../lib/errors.ts";
import { Clone } from "../support/clone.ts";

const clone = new Clone();
clone.write("Pulumi.bad.yaml", "config:\n  xnai:prefx: lab\n  xnai:owner: { uid: 0 }\n");

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs it in the clone; there is no engine and no toolchain to be found. */
const xnai = (...args: string[]) =>
  new Promise<Ended>((done) => {
    const env = {
      PATH: "/usr/bin:/bin",
      HOME: clone.folder,
      DOCKER_HOST: "unix:///nowhere/docker.sock",
      NODE_COMPILE_CACHE: clone.path("node_modules/.cache/node"),
    };
    const child = execFile(
      process.execPath,
      [clone.path("ops/xnai.mjs"), ...args],
      { cwd: "/", env, encoding: "utf8" },
      (_, stdout, stderr) => done({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });

const verbs = [
  "up",
  "preview",
  "review",
  "destroy",
  "status",
  "credentials",
  "smoke",
  "import",
  "policy",
  "toolchain",
  "state",
  "env",
  "schema",
];

describe("help", () => {
  it("lists every verb", async () => {
    const { code, stdout } = await xnai("--help");
    expect(code).toBe(exitCode.done);
    for (const verb of verbs) expect(stdout).toMatch(new RegExp(`^  ${verb}\\b`, "m"));
    expect(stdout.match(/^ {2}[a-z]+ .*$/gm)?.length, "and this test knows them all").toBe(verbs.length + 1);
  });

  it.each(verbs)("is there for %s", async (verb) => {
    const { register } = (await import(`../../ops/verbs/${verb}.ts`)) as { register(program: Command): void };
    const said: string[] = [];
    const program = new Command("xnai").exitOverride();
    register(program);
    program.commands[0]?.exitOverride().configureOutput({ writeOut: (text) => said.push(text) });
    await expect(program.parseAsync([verb, "--help"], { from: "user" })).rejects.toMatchObject({ exitCode: 0 });
    expect(said.join("")).toMatch(new RegExp(`^Usage: xnai ${verb} `));
  });
});

describe("wrong usage ends with 2, a sentence, and no stack trace", () => {
  it.each([
    [["statsu"], "error: unknown command 'statsu'\n(Did you mean status?)"],
    [["toolchain", "--nope"], "error: unknown option '--nope'"],
    [["schema", "--stack"], "error: unknown option '--stack'"],
    [["up", "--repair", "mysql"], "Allowed choices are caddy, redis"],
  ])("%j", async (args, text) => {
    const { code, stdout, stderr } = await xnai(...args);
    expect(code).toBe(exitCode.usage);
    expect(stderr).toContain(text);
    expect(stdout).toBe("");
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it("a configuration that cannot be used, before anything is brought or looked for", async () => {
    const { code, stderr } = await xnai("preview", "--stack", "bad");
    expect(code).toBe(exitCode.usage);
    expect(stderr).toContain("error: 2 problems in the configuration (Pulumi.bad.yaml):");
    expect(stderr).toContain("xnai:prefx is not a key of the configuration; did you mean prefix?");
    expect(stderr).toContain("Nothing was changed.");
    expect(stderr).not.toMatch(/^\s+at |should not happen/m);
  });
});

describe("a machine that lacks something ends with 3", () => {
  it("no engine", async () => {
    const { code, stderr } = await xnai("status");
    expect(code).toBe(exitCode.machine);
    expect(stderr).toContain("/nowhere/docker.sock");
    expect(stderr).not.toMatch(/^\s+at |should not happen/m);
  });
});

it("prints a schema that another program can read", async () => {
  const { code, stdout } = await xnai("schema");
  expect(code).toBe(exitCode.done);
  expect(JSON.parse(stdout).properties.config.properties).toHaveProperty("xnai:prefix");
});
