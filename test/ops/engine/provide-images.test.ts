// Where a stack's images come from, and that the engine has them before Pulumi asks for them.
import { existsSync } from "node:fs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { imageOf, knownImages } from "../../../components/image-source.ts";
import { exitCode } from "../../../lib/errors.ts";
import { Clone } from "../../support/clone.ts";
import { FakeEngine } from "../../support/fake-engine.ts";
import { container, stateOf } from "../../support/state.ts";

const clone = new Clone();
let stackConfig: typeof import("../../../ops/config-file.ts").stackConfig;
let decideImageSource: typeof import("../../../ops/engine/provide-images.ts").decideImageSource;
let provideImages: typeof import("../../../ops/engine/provide-images.ts").provideImages;
let imageNames: typeof import("../../../airgap/images/names.ts").imageNames;
let localImage: typeof import("../../../airgap/images/names.ts").localImage;
let engine: FakeEngine;

beforeAll(async () => {
  [{ stackConfig }, { decideImageSource, provideImages }, { imageNames, localImage }] = await Promise.all([
    clone.load<typeof import("../../../ops/config-file.ts")>("ops/config-file.ts"),
    clone.load<typeof import("../../../ops/engine/provide-images.ts")>("ops/engine/provide-images.ts"),
    clone.load<typeof import("../../../airgap/images/names.ts")>("airgap/images/names.ts"),
  ]);
  engine = await FakeEngine.start();
});
afterAll(() => engine.stop());
beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  vi.stubEnv("DOCKER_CONFIG", clone.path("no-docker"));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  engine.clear();
  clone.reset("dev", "prod");
});

const said = () => vi.mocked(console.error).mock.calls.flat().join("\n");
const file = "Pulumi.dev.yaml";
const usage = (message: RegExp, fix: RegExp) =>
  expect.objectContaining({
    code: exitCode.usage,
    message: expect.stringMatching(message),
    fix: expect.stringMatching(fix),
  });

const machine = (message: RegExp, fix: RegExp) =>
  expect.objectContaining({
    code: exitCode.machine,
    message: expect.stringMatching(message),
    fix: expect.stringMatching(fix),
  });
const limited =
  "toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit";

describe("where images come from", () => {
  const decide = (stack = "dev", state = stateOf()) =>
    decideImageSource(engine.docker, stack, stackConfig(stack), state);

  it("is Docker Hub where it answers", async () => {
    engine.registry = true;
    expect((await decide()).images.source).toBe("hub");
    expect(said()).toContain("from Docker Hub, by digest");
  });

  it("is this machine where Docker Hub cannot be reached", async () => {
    expect((await decide()).images.source).toBe("local");
    expect(said()).toContain("built on this machine, because Docker Hub cannot be reached");
  });

  it("is found out by a pull where the engine cannot ask otherwise, as Podman", async () => {
    Object.assign(engine, { asksRegistry: false, registry: true });
    expect((await decide()).images.source).toBe("hub");
    engine.pullError =
      "lookup registry-1.docker.io on 10.0.0.53:53: dial udp 10.0.0.53:53: connect: network is unreachable";
    expect((await decide()).images.source).toBe("local");
    engine.pullError = limited;
    await expect(decide()).rejects.toThrow(machine(/limits how much may be pulled/, /^Run docker login/));
  });

  it("is Docker Hub where that answers slowly, and what is waited for is said", async () => {
    Object.assign(engine, { registry: true, registryDelay: 3_500 });
    expect((await decide()).images.source).toBe("hub");
    expect(said()).toContain("waiting for Docker Hub to answer");
  }, 20_000);

  it.each([
    [
      limited,
      /limits how much may be pulled, and the limit of this address without a login is reached/,
      /^Run docker login/,
    ],
    ["unauthorized: incorrect username or password", /wants a login/, /^Run docker login/],
    ["received unexpected HTTP status: 503 Service Unavailable", /503/, /^Run the command again later/],
  ])("is not decided where Docker Hub answers: %s", async (words, message, fix) => {
    engine.registry = words;
    await expect(decide()).rejects.toThrow(machine(message, fix));
    await expect(decide()).rejects.toThrow(machine(new RegExp(words), /images\.source: local/));
    expect(existsSync(clone.path(file))).toBe(false);
  });

  it("is Docker Hub where its images are there already, whoever answers", async () => {
    for (const { hub } of Object.values(knownImages)) engine.images[hub] = {};
    expect((await decide()).images.source).toBe("hub");
  });

  it("is never changed: another source may bring another version to the same data", async () => {
    engine.registry = true;
    clone.write(file, "config:\n  xnai:images:\n    source: local\n");
    expect((await decide()).images.source).toBe("local");
    expect(clone.read(file)).toContain("source: local");
  });

  it.each(["local", "hub"] as const)("is not decided anew over existing data: %s as the stack runs", async (source) => {
    engine.registry = source === "local";
    // The other one would be there.
    const image = source === "local" ? localImage("redis") : imageOf("redis").hub;
    const state = stateOf(container("redis", "1", { image }));
    expect((await decide("dev", state)).images.source).toBe(source);
  });
});

describe("providing images", () => {
  const provide = (stack: string) => provideImages(engine.docker, stack, stackConfig(stack));

  it("has nothing to do where they are", async () => {
    clone.write(file, "config:\n  xnai:images:\n    source: local\n");
    for (const name of imageNames) engine.images[localImage(name)] = {};
    await provide("dev");
    expect(engine.changes).toEqual([]);
  });

  it("takes the image of another service where that is named", async () => {
    clone.write(file, `config:\n  xnai:images: {source: local, refs: {redis: "${localImage("busybox")}"}}\n`);
    for (const name of imageNames) if (name !== "redis") engine.images[localImage(name)] = {};
    await provide("dev");
    expect(engine.changes).toEqual([]);
  });

  it("refuses stand-ins to every stack but dev, and says what to do", async () => {
    clone.write("Pulumi.prod.yaml", "config:\n  xnai:images:\n    source: local\n");
    await expect(provide("prod")).rejects.toThrow(
      usage(
        /^Stack prod would run a stand-in for vikunja and qdrant: images\.source is local/,
        /images\.refs\.vikunja.*\n.*services\.qdrant: false/,
      ),
    );
    expect(engine.changes).toEqual([]);
    clone.write("Pulumi.prod.yaml", "config:\n  xnai:images: { source: local, allowStandIns: true }\n");
    for (const name of imageNames) engine.images[localImage(name)] = {};
    await provide("prod");
  });

  it("writes down where they come from when they are there", async () => {
    for (const name of imageNames) engine.images[localImage(name)] = {};
    await provideImages(
      engine.docker,
      "dev",
      await decideImageSource(engine.docker, "dev", stackConfig("dev"), stateOf()),
    );
    expect(clone.read(file)).toContain("source: local");
  });

  it("writes nothing down when Docker Hub answers and limits the pull; both are asked with the login", async () => {
    vi.stubEnv("DOCKER_CONFIG", clone.path("docker"));
    const auth = Buffer.from("somebody:a secret").toString("base64");
    clone.write("docker/config.json", JSON.stringify({ auths: { "https://index.docker.io/v1/": { auth } } }));
    Object.assign(engine, { registry: true, pullError: limited });
    const decided = await decideImageSource(engine.docker, "dev", stackConfig("dev"), stateOf());
    const refused = provideImages(engine.docker, "dev", decided).catch((error) => error);
    const error = await refused;
    expect(error).toEqual(machine(/limit of user somebody is reached \(.*toomanyrequests/, /^Wait some hours/));
    expect(`${error.message} ${error.fix} ${said()}`).not.toContain("a secret");
    const login = { username: "somebody", password: "a secret", serveraddress: "https://index.docker.io/v1/" };
    expect(engine.logins).toEqual([login, login]);
    expect(existsSync(clone.path(file))).toBe(false);
  });

  it("says which image could not be pulled, and what to do", async () => {
    clone.write(file, "config:\n  xnai:images: {source: hub}\n");
    for (const { hub } of Object.values(knownImages)) engine.images[hub] = {};
    delete engine.images[imageOf("redis").hub];
    await expect(provide("dev")).rejects.toMatchObject({
      code: exitCode.machine,
      message: expect.stringContaining(`The image ${imageOf("redis").hub} for redis could not be pulled`),
      fix: expect.stringContaining("images.refs.redis"),
    });
  });
});
