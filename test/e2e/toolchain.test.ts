// The toolchain as it is on this machine, official or built: the same contract holds for both. Needs no engine.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { constants, gunzipSync } from "node:zlib";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureToolchain, type Toolchain } from "../../airgap/toolchain/index.ts";
import { processOf } from "../../lib/processes.ts";
import { declaredShapes, type PackageSchema, schemaShapes } from "../support/declared-shapes.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "xnai toolchain "));
const passphrase = "correct horse battery staple";
/** A file that another run is still writing ends early. */
const partial = { finishFlush: constants.Z_SYNC_FLUSH };
let toolchain: Toolchain;
beforeAll(async () => {
  toolchain = await ensureToolchain({ onProgress: (text) => console.error(text) });
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** A Pulumi project, or policy pack, outside the checkout, with a local backend of its own. */
function project(name: string, program: string) {
  const folder = join(scratch, name);
  mkdirSync(join(folder, "state"), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  const settings = "runtime: { name: nodejs, options: { typescript: false } }\nmain: index.ts\n";
  const files = {
    "package.json": JSON.stringify({ name, version: "1.0.0", type: "module" }),
    "Pulumi.yaml": `name: ${name}\n${settings}`,
    "PulumiPolicy.yaml": settings,
    "index.ts": program,
    passphrase,
  };
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  const env = {
    ...toolchain.env,
    PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
    PULUMI_CONFIG_PASSPHRASE_FILE: join(folder, "passphrase"),
  };
  const start = (...args: string[]) =>
    execa(toolchain.pulumi, ["--non-interactive", ...args], { cwd: folder, env, all: true, reject: false });
  return { folder, env, start };
}

async function stack(name: string, program: string) {
  const made = project(name, program);
  const { exitCode, all } = await made.start("stack", "init", "dev");
  expect(exitCode, all).toBe(0);
  return made;
}

describe("the plugins", () => {
  async function schemaOf(plugin: string): Promise<PackageSchema> {
    const version = toolchain.components.find(({ name }) => name === `plugin ${plugin}`)?.version;
    const file = join(toolchain.home, `plugins/resource-${plugin}-v${version}/pulumi-resource-${plugin}`);
    const { stdout } = await execa(toolchain.pulumi, ["package", "get-schema", file], { env: toolchain.env });
    return JSON.parse(stdout);
  }
  function declaredBy(plugin: string): string[] {
    const sdk = join(root, "node_modules/@pulumi", plugin);
    const code = readdirSync(sdk).filter((file) => file.endsWith(".js"));
    const tokens = code.flatMap((file) => [
      ...readFileSync(join(sdk, file), "utf8").matchAll(/__pulumiType = '\w+:index\/\w+:(\w+)'/g),
    ]);
    return [
      ...declaredShapes(
        sdk,
        tokens.map(([, name = ""]) => name),
      ),
    ];
  }
  /** Pulumi's own image builder, which the official plugin adds to the bridged provider. The stack does not use it. */
  const notBridged = /^Image\./;

  test.each([
    ["docker", 900],
    ["random", 100],
  ])("%s has every property, of the type, that its package declares", async (plugin, atLeast) => {
    const declared = declaredBy(plugin).filter((line) => !notBridged.test(line));
    const offered = schemaShapes(await schemaOf(plugin));
    expect(declared.length).toBeGreaterThan(atLeast);
    expect(declared.filter((line) => !offered.has(line))).toEqual([]);
  });

  /** What the CLI logged by itself: compressed, and encrypted once it knows the stack's key. */
  const logs = () => {
    const folder = join(toolchain.home, "logs");
    return readdirSync(folder).map((file) => {
      const content = readFileSync(join(folder, file));
      return content[0] === 0x1f && content[1] === 0x8b ? gunzipSync(content, partial).toString() : content.toString();
    });
  };

  test("a password is nowhere in clear: not in state, not in the output, not in the CLI's logs", async () => {
    const { folder, start } = await stack(
      "secret",
      `import { RandomPassword } from "@pulumi/random";
       export const password = new RandomPassword("it", { length: 24 }).result;`,
    );
    const up = await start("up", "--yes");
    expect(up.exitCode, up.all).toBe(0);
    const value = (await start("stack", "output", "password", "--show-secrets")).stdout.trim();
    expect(value).toHaveLength(24);
    const state = readFileSync(join(folder, "state/.pulumi/stacks/secret/dev.json"), "utf8");
    const resources: { type: string; outputs: Record<string, object> }[] =
      JSON.parse(state).checkpoint.latest.resources;
    const outputs = resources.find(({ type }) => type === "random:index/randomPassword:RandomPassword")?.outputs;
    expect(outputs?.result).toHaveProperty("ciphertext");
    expect(outputs?.bcryptHash).toHaveProperty("ciphertext");
    expect(state).not.toContain(value);
    expect(up.all).not.toContain(value);
    expect(logs().length).toBeGreaterThan(0);
    expect(logs().filter((text) => text.includes(value) || text.includes(passphrase))).toEqual([]);
  });

  test("are found without a warning", async () => {
    const { start } = await stack("quiet", 'import { RandomPet } from "@pulumi/random"; new RandomPet("it");');
    const { all, exitCode } = await start("up", "--yes");
    expect(exitCode, all).toBe(0);
    expect(all).not.toMatch(/warning/i);
  });
});

describe("the language host", () => {
  test("shows the user a RunError without a stack trace", async () => {
    const { start } = await stack(
      "told",
      'import { RunError } from "@pulumi/pulumi"; throw new RunError("port 99999");',
    );
    const { all, exitCode } = await start("preview");
    expect(exitCode).not.toBe(0);
    expect(all).toContain("error: port 99999");
    expect(all).not.toMatch(/^\s+at /m);
    expect(all).not.toMatch(/exit code|exit status/);
  });

  test("shows where any other error came from", async () => {
    const { start } = await stack("thrown", 'const port: number = 1; throw new Error("not foreseen " + port);');
    const { all, exitCode } = await start("preview");
    expect(exitCode).not.toBe(0);
    expect(all).toContain("not foreseen 1");
    expect(all).toContain("index.ts:1");
  });

  test("runs a policy pack, which knows the stack and can stop an update", async () => {
    const { start } = await stack("judged", 'import { RandomPet } from "@pulumi/random"; new RandomPet("it");');
    const pack = project(
      "pack",
      `import { PolicyPack } from "@pulumi/policy"; import { getStack } from "@pulumi/pulumi";
       new PolicyPack("pack", { policies: [{ name: "no-pets", description: "no pets", enforcementLevel: "mandatory",
         validateResource: (args, report) => { if (args.type.endsWith("RandomPet")) report("no pets in " + getStack()); },
       }] });`,
    );
    for (const verb of [["preview"], ["up", "--yes", "--skip-preview"]]) {
      const { all, exitCode } = await start(...verb, "--policy-pack", pack.folder);
      expect(all).toContain("no pets in dev");
      // 3.259.0 has a code of its own for this, 5, but does not return it yet.
      expect(exitCode, verb[0]).toBeGreaterThan(0);
    }
    expect((await start("stack", "export")).stdout).not.toContain("RandomPet");
  });

  test("names the plugins, packages and Node of a program", async () => {
    const { folder, start } = await stack("about", "");
    const dependencies = { "@pulumi/docker": "*", "@pulumi/random": "*" };
    writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module", dependencies }));
    const { stdout, all } = await start("about", "--json", "--stack", "dev");
    const { plugins, runtime, dependencies: packages } = JSON.parse(stdout);
    expect(plugins).toContainEqual({ name: "docker", version: "5.2.0", kind: "resource" });
    expect(plugins).toContainEqual({ name: "random", version: "4.21.2", kind: "resource" });
    expect(runtime.version).toMatch(/^v?24\./);
    expect(packages).toContainEqual({ name: "@pulumi/random", version: "4.21.2" });
    expect(all).not.toMatch(/warning/);
  });

  test("runs on the project's own Node, whatever is on PATH", async () => {
    const { folder, env } = await stack("node", 'console.log("this is Node " + process.version);');
    writeFileSync(join(folder, "node"), "#!/bin/sh\necho another Node >&2; exit 1\n", { mode: 0o755 });
    const PATH = `${folder}:${dirname(toolchain.pulumi)}`;
    const { stdout, exitCode } = await execa(toolchain.pulumi, ["preview"], { cwd: folder, env: { ...env, PATH } });
    expect(exitCode).toBe(0);
    expect(stdout).toContain("this is Node v24.");
  });

  test("says so when the SDK is not installed", async () => {
    const { folder, start } = await stack("bare", "");
    rmSync(join(folder, "node_modules"));
    const { all } = await start("preview");
    expect(all).toContain("@pulumi/pulumi/cmd/run is not installed");
  });
});

describe("no process is left behind", () => {
  const endless = `import { writeFileSync } from "node:fs";
    writeFileSync("pids", process.pid + " " + process.ppid + ".");
    await new Promise(() => setInterval(() => {}, 1_000));`;

  const isAlive = (pid: number) => processOf(pid) !== undefined;

  /** A preview whose program never ends, and the ids of that program and of its language host. */
  async function running(name: string) {
    const { folder, start } = await stack(name, endless);
    const cli = start("preview");
    const file = join(folder, "pids");
    const written = () => (readdirSync(folder).includes("pids") ? readFileSync(file, "utf8") : "");
    await expect.poll(written, { timeout: 30_000 }).toMatch(/\.$/);
    const [program = 0, host = 0] = written().split(" ").map(Number.parseFloat);
    expect([program, host].map(isAlive)).toEqual([true, true]);
    return { cli, program, host };
  }

  test.each(["SIGINT", "SIGTERM", "SIGKILL"] as const)("when the CLI gets %s", async (signal) => {
    const { cli, program, host } = await running(`ended-${signal.toLowerCase()}`);
    cli.kill(signal);
    await cli;
    await expect.poll(() => [program, host].map(isAlive), { timeout: 10_000 }).toEqual([false, false]);
  });

  test("when the language host is killed, and no CLI is there to clean up", async () => {
    const { cli, program, host } = await running("host-killed");
    cli.kill("SIGSTOP");
    process.kill(host, "SIGKILL");
    await expect.poll(() => isAlive(program), { timeout: 2_000 }).toBe(false);
    cli.kill("SIGKILL");
    await cli;
  });
});
