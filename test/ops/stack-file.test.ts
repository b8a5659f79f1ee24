// Pulumi.<stack>.yaml is the user's: what xnai reads from it, and the one value that it writes into it.
import { readdirSync } from "node:fs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { catalogue, imageOf } from "../../components/engine/images.ts";
import { exitCode } from "../../lib/errors.ts";
import { Clone } from "../support/clone.ts";
import { FakeEngine } from "../support/fake-engine.ts";

const clone = new Clone();
let context: typeof import("../../ops/context.ts");
let images: typeof import("../../ops/engine/images.ts");
let imageNames: typeof import("../../airgap/images/names.ts").imageNames;
let localImage: typeof import("../../airgap/images/names.ts").localImage;
let writeConfig: typeof import("../../ops/pulumi/write-config.ts").writeConfig;
let engine: FakeEngine;

beforeAll(async () => {
  [context, images, { imageNames, localImage }, { writeConfig }] = await Promise.all([
    clone.load<typeof context>("ops/context.ts"),
    clone.load<typeof images>("ops/engine/images.ts"),
    clone.load<typeof import("../../airgap/images/names.ts")>("airgap/images/names.ts"),
    clone.load<typeof import("../../ops/pulumi/write-config.ts")>("ops/pulumi/write-config.ts"),
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
const usage = (message: RegExp, fix = /Nothing was changed/) =>
  expect.objectContaining({
    code: exitCode.usage,
    message: expect.stringMatching(message),
    fix: expect.stringMatching(fix),
  });

describe("stackConfig", () => {
  it("reads the stack's own keys, and is the default where there is no file", () => {
    expect(context.stackConfig("dev").prefix).toBe("xnai");
    clone.write(file, "config:\n  xnai:prefix: lab\n  xnai:redis:\n    maxMemoryMiB: 64\n  docker:host: unix:///x\n");
    expect(context.stackConfig("dev")).toMatchObject({ prefix: "lab", redis: { maxMemoryMiB: 64 } });
  });

  it.each(["", "# nothing yet\n", "config:\n", "config: {}\n", "encryptionsalt: v1:x\n"])(
    "takes %j for nothing said",
    (text) => {
      clone.write(file, text);
      expect(context.stackConfig("dev").prefix).toBe("xnai");
    },
  );

  it("names every problem with the file, and what to do, without a stack trace", () => {
    clone.write(file, "config:\n  xnai:prefx: lab\n  xnai:owner: {uid: 0}\n");
    expect(() => context.stackConfig("dev")).toThrow(
      usage(
        /^2 problems in the configuration \(Pulumi\.dev\.yaml\):\n {2}xnai:owner\.uid is 0.*\n {2}xnai:prefx is not a key.*$/,
      ),
    );
  });

  it("says where the file is no YAML", () => {
    clone.write(file, "config:\n  xnai:prefix: 'lab\n");
    expect(() => context.stackConfig("dev")).toThrow(usage(/^Pulumi\.dev\.yaml is not valid YAML/, /at line \d+/));
  });

  it("says that the file's values are no keys", () => {
    for (const text of ["config: text\n", "- list\n", "just text\n", "config: [1]\n"]) {
      clone.write(file, text);
      expect(() => context.stackConfig("dev"), text).not.toThrow(TypeError);
    }
  });
});

describe("writeConfig", () => {
  const text = `# my stack
config:
  # why this prefix
  xnai:prefix: lab # short
  xnai:redis: { maxMemoryMiB: 64 }
  xnai:caddy:
    securityHeaders:
      X-Long: "${"x".repeat(120)}"

# at the end
encryptionsalt: v1:salt
`;

  it("adds one value and leaves every other character as it was", () => {
    clone.write(file, text);
    writeConfig("dev", ["xnai:images", "source"], "local");
    expect(clone.read(file)).toBe(
      text.replace('"\n\n# at the end', '"\n  xnai:images:\n    source: local\n\n# at the end'),
    );
    writeConfig("dev", ["xnai:images", "source"], "hub");
    expect(clone.read(file).match(/source:.*/g)).toEqual(["source: hub"]);
    expect(context.stackConfig("dev")).toMatchObject({ prefix: "lab", images: { source: "hub" } });
  });

  it("makes the file where there is none, and leaves no draft", () => {
    writeConfig("dev", ["xnai:images", "source"], "local");
    expect(context.stackConfig("dev").images.source).toBe("local");
    expect(readdirSync(clone.folder).filter((name) => name.startsWith("Pulumi.dev"))).toEqual([file]);
  });

  it.each(["", "# only a comment\n", "config:\n", "config:\n  xnai:images:\n", "encryptionsalt: v1:x\n"])(
    "takes a file that says nothing: %j",
    (empty) => {
      clone.write(file, empty);
      writeConfig("dev", ["xnai:images", "source"], "local");
      expect(context.stackConfig("dev").images.source).toBe("local");
      expect(clone.read(file)).toContain(/^(#|encryptionsalt).*/.exec(empty)?.[0] ?? "");
    },
  );
});

describe("where images come from", () => {
  const decide = (stack = "dev") => images.decideSource(engine.docker, stack, context.stackConfig(stack));

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
    for (const { hub } of Object.values(catalogue)) engine.images[hub] = {};
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
  const provide = (stack: string) => images.provideImages(engine.docker, stack, context.stackConfig(stack));

  it("has nothing to do where they are", async () => {
    clone.write(file, "config:\n  xnai:images:\n    source: local\n");
    for (const name of imageNames) engine.images[localImage(name)] = {};
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

  it("says which image cannot be had, and what to do", async () => {
    clone.write(file, "config:\n  xnai:images: {source: hub}\n");
    for (const { hub } of Object.values(catalogue)) engine.images[hub] = {};
    delete engine.images[imageOf("redis").hub];
    await expect(provide("dev")).rejects.toMatchObject({
      code: exitCode.machine,
      message: expect.stringContaining(`The image ${imageOf("redis").hub} for redis cannot be had`),
      fix: expect.stringContaining("images.refs.redis"),
    });
  });
});
