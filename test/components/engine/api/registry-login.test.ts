// Logins that `docker login` and `podman login` left: in their files, and with credential helpers, which are real programs here.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { loginFor, registryOf } from "../../../../components/engine/api/registry-login.ts";

const folder = mkdtempSync(join(tmpdir(), "xnai-login-"));
const env = { HOME: folder, DOCKER_CONFIG: folder, XDG_RUNTIME_DIR: folder, PATH: `${folder}:${process.env.PATH}` };
const hubAddress = "https://index.docker.io/v1/";
const basic = (login: string) => ({ auth: Buffer.from(login).toString("base64") });

const configure = (config: unknown) =>
  writeFileSync(join(folder, "config.json"), typeof config === "string" ? config : JSON.stringify(config));

/** What `podman login` writes, below a folder that holds such files. */
function podmans(below: string, auths: object): void {
  mkdirSync(join(below, "containers"), { recursive: true });
  writeFileSync(join(below, "containers/auth.json"), JSON.stringify({ auths }));
}

/** A credential helper: prints what it was asked for in front of its answer into a file. */
function helper(name: string, answer: string, code = 0): void {
  const program = join(folder, `docker-credential-${name}`);
  writeFileSync(
    program,
    `#!/bin/sh\nprintf '%s ' "$1" > '${folder}/asked'\ncat >> '${folder}/asked'\n${answer}\nexit ${code}\n`,
  );
  chmodSync(program, 0o755);
}

beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => {});
});
afterEach(() => {
  for (const below of ["containers", ".config"]) rmSync(join(folder, below), { recursive: true, force: true });
  vi.restoreAllMocks();
});
const said = () => vi.mocked(console.error).mock.calls.flat().join("\n");

it.each([
  ["redis:8", "docker.io"],
  ["qdrant/qdrant:v1", "docker.io"],
  ["ghcr.io/a/b:1", "ghcr.io"],
  ["localhost/a", "localhost"],
  ["box:5000/a@sha256:00", "box:5000"],
])("the registry of %s is %s", (ref, registry) => {
  expect(registryOf(ref)).toBe(registry);
});

describe("the login for an image", () => {
  it("comes from Docker's file, also with a colon in the password, and for its own registry only", async () => {
    configure({ auths: { [hubAddress]: basic("me:pass:word"), "https://ghcr.io": basic("other:word") } });
    expect(await loginFor("redis:8", env)).toEqual({
      username: "me",
      password: "pass:word",
      serveraddress: hubAddress,
    });
    expect(await loginFor("ghcr.io/a/b", env)).toEqual({
      username: "other",
      password: "word",
      serveraddress: "ghcr.io",
    });
    expect(await loginFor("quay.io/a/b", env)).toBeUndefined();
  });

  it("may be a token", async () => {
    configure({ auths: { [hubAddress]: { identitytoken: "t0ken" } } });
    expect(await loginFor("redis:8", env)).toEqual({ identitytoken: "t0ken", serveraddress: hubAddress });
  });

  it("is asked of the credential helper, the registry's own before the one for all", async () => {
    helper("box", `echo '{"Username":"me","Secret":"word"}'`);
    helper("other", "exit 9");
    configure({ credsStore: "other", credHelpers: { "index.docker.io": "box" }, auths: { [hubAddress]: {} } });
    expect(await loginFor("redis:8", env)).toEqual({ username: "me", password: "word", serveraddress: hubAddress });
    const { readFileSync } = await import("node:fs");
    expect(readFileSync(join(folder, "asked"), "utf8")).toBe(`get ${hubAddress}`);
    helper("box", `echo '{"Username":"<token>","Secret":"t0ken"}'`);
    expect(await loginFor("redis:8", env)).toEqual({ identitytoken: "t0ken", serveraddress: hubAddress });
  });

  it("is none where the helper knows none, and that is nothing to speak of", async () => {
    helper("box", "echo 'credentials not found in native keychain'", 1);
    configure({ credsStore: "box" });
    expect(await loginFor("redis:8", env)).toBeUndefined();
    expect(said()).toBe("");
  });

  it.each([
    [
      "a helper that fails",
      () => helper("box", "echo 'the keyring is locked, s3cret'", 1),
      /docker-credential-box ended with 1/,
    ],
    ["a helper that is not there", () => configure({ credsStore: "absent" }), /docker-credential-absent cannot be run/],
    ["a helper that says something else", () => helper("box", "echo s3cret"), /does not answer with JSON/],
    ["a damaged file", () => configure('{"auths": {"s3cret'), /config\.json is not JSON/],
    ["a folder in the file's place", () => {}, /config\.json cannot be read \(EISDIR\)/],
  ])("is none with %s, which is said without what may be a secret", async (what, prepare, words) => {
    configure({ credsStore: "box" });
    prepare();
    const own = { ...env, DOCKER_CONFIG: join(folder, "other") };
    if (what.startsWith("a folder")) mkdirSync(join(folder, "other", "config.json"), { recursive: true });
    expect(await loginFor("redis:8", what.startsWith("a folder") ? own : env)).toBeUndefined();
    expect(said()).toMatch(words);
    expect(said()).not.toContain("s3cret");
  });

  it("comes from Podman's file where Docker's has none, for as much of a registry as that says", async () => {
    configure({ auths: { "ghcr.io": basic("docker:word") } });
    podmans(folder, { "quay.io": basic("all:word"), "quay.io/me": basic("me:word"), "docker.io": basic("hub:word") });
    const userFor = async (ref: string, given: NodeJS.ProcessEnv = env) => (await loginFor(ref, given))?.username;
    expect(await userFor("ghcr.io/a/b")).toBe("docker");
    expect(await userFor("quay.io/other/b:1")).toBe("all");
    expect(await userFor("quay.io/me/b:1")).toBe("me");
    expect(await userFor("quay.io/mean/b:1")).toBe("all");
    expect(await userFor("redis:8")).toBe("hub");
    podmans(join(folder, ".config"), { "quay.io": basic("kept:word"), "box:5000": basic("kept:word") });
    expect(await userFor("quay.io/other/b")).toBe("all");
    expect(await userFor("box:5000/b")).toBe("kept");
    const named = join(folder, ".config/containers/auth.json");
    expect(await userFor("quay.io/me/b", { ...env, REGISTRY_AUTH_FILE: named })).toBe("kept");
  });

  it("is none without a file", async () => {
    const nowhere = join(folder, "nowhere");
    expect(await loginFor("redis:8", { HOME: nowhere, XDG_RUNTIME_DIR: nowhere })).toBeUndefined();
    expect(said()).toBe("");
  });
});
