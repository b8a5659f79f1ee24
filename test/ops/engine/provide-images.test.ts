// Where a stack's images come from, and that the engine has them before Pulumi asks for them.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { imageOf, knownImages } from "../../../components/image-source.ts";
import { exitCode } from "../../../lib/errors.ts";
import { Clone } from "../../support/clone.ts";
import { FakeEngine } from "../../support/fake-engine.ts";

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
});
afterEach(() => {
  vi.restoreAllMocks();
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

describe("where images come from", () => {
  const decide = (stack = "dev") => decideImageSource(engine.docker, stack, stackConfig(stack));

  it("is Docker Hub where it answers, and is written down", async () => {
    engine.registry = true;
    expect((await decide()).images.source).toBe("hub");
    expect(clone.read(file)).toContain("source: hub");
    expect(said()).toContain("from Docker Hub, by digest");
  });

  it("is this machine where Docker Hub says no", async () => {
    expect((await decide()).images.source).toBe("local");
    expect(clone.read(file)).toContain("source: local");
    expect(said()).toContain("built on this machine, because Docker Hub does not answer");
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
