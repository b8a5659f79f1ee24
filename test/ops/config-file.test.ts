// Pulumi.<stack>.yaml is the user's: what xnai reads from it, and the one value that it writes into it.
import { readdirSync } from "node:fs";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { exitCode } from "../../lib/errors.ts";
import { Clone } from "../support/clone.ts";

const clone = new Clone();
let stackConfig: typeof import("../../ops/config-file.ts").stackConfig;
let writeConfig: typeof import("../../ops/config-file.ts").writeConfig;

beforeAll(async () => {
  ({ stackConfig, writeConfig } = await clone.load<typeof import("../../ops/config-file.ts")>("ops/config-file.ts"));
});
afterEach(() => clone.reset("dev"));

const file = "Pulumi.dev.yaml";
const usage = (message: RegExp, fix = /Nothing was changed/) =>
  expect.objectContaining({
    code: exitCode.usage,
    message: expect.stringMatching(message),
    fix: expect.stringMatching(fix),
  });

describe("stackConfig", () => {
  it("reads the stack's own keys, and is the default where there is no file", () => {
    expect(stackConfig("dev").prefix).toBe("xnai");
    clone.write(file, "config:\n  xnai:prefix: lab\n  xnai:redis:\n    maxMemoryMiB: 64\n  docker:host: unix:///x\n");
    expect(stackConfig("dev")).toMatchObject({ prefix: "lab", redis: { maxMemoryMiB: 64 } });
  });

  it.each(["", "# nothing yet\n", "config:\n", "config: {}\n", "encryptionsalt: v1:x\n"])(
    "takes %j for nothing said",
    (text) => {
      clone.write(file, text);
      expect(stackConfig("dev").prefix).toBe("xnai");
    },
  );

  it("names every problem with the file, and what to do, without a stack trace", () => {
    clone.write(file, "config:\n  xnai:prefx: lab\n  xnai:owner: {uid: 0}\n");
    expect(() => stackConfig("dev")).toThrow(
      usage(
        /^2 problems in the configuration \(Pulumi\.dev\.yaml\):\n {2}xnai:owner\.uid is 0.*\n {2}xnai:prefx is not a key.*$/,
      ),
    );
  });

  it("says where the file is no YAML", () => {
    clone.write(file, "config:\n  xnai:prefix: 'lab\n");
    expect(() => stackConfig("dev")).toThrow(usage(/^Pulumi\.dev\.yaml is not valid YAML/, /at line \d+/));
  });

  it("says that the file's values are no keys", () => {
    for (const text of ["config: text\n", "- list\n", "just text\n", "config: [1]\n"]) {
      clone.write(file, text);
      expect(() => stackConfig("dev"), text).not.toThrow(TypeError);
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
    expect(stackConfig("dev")).toMatchObject({ prefix: "lab", images: { source: "hub" } });
  });

  it("makes the file where there is none, and leaves no draft", () => {
    writeConfig("dev", ["xnai:images", "source"], "local");
    expect(stackConfig("dev").images.source).toBe("local");
    expect(readdirSync(clone.folder).filter((name) => name.startsWith("Pulumi.dev"))).toEqual([file]);
  });

  it.each(["", "# only a comment\n", "config:\n", "config:\n  xnai:images:\n", "encryptionsalt: v1:x\n"])(
    "takes a file that says nothing: %j",
    (empty) => {
      clone.write(file, empty);
      writeConfig("dev", ["xnai:images", "source"], "local");
      expect(stackConfig("dev").images.source).toBe("local");
      expect(clone.read(file)).toContain(/^(#|encryptionsalt).*/.exec(empty)?.[0] ?? "");
    },
  );
});
