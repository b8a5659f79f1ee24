import { statSync } from "node:fs";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { exitCode } from "../../../lib/errors.ts";
import { Clone } from "../../support/clone.ts";

const clone = new Clone();
let passphraseEnv: typeof import("../../../ops/pulumi/passphrase.ts").passphraseEnv;
let checkPassphrase: typeof import("../../../ops/pulumi/passphrase.ts").checkPassphrase;

beforeAll(async () => {
  ({ passphraseEnv, checkPassphrase } =
    await clone.load<typeof import("../../../ops/pulumi/passphrase.ts")>("ops/pulumi/passphrase.ts"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  clone.reset("dev");
});

/** What `pulumi stack init` of CLI 3.259.0 wrote for this passphrase, and for an empty one. */
const phrase = "correct horse battery";
const salt = "v1:yUtmDtdIVPA=:v1:YaZUHCk76KtVHdlX:g+ZzfJSdOF0gDNiGTbavI2nKTlaTuA==";
const emptySalt = "v1:r2rjpP6+hwc=:v1:vFSPm+aHMMNTa1co:Ub0kxGJR1lcahp48rczSo+7sc2MZxw==";

const stack = (encryptionsalt?: string) =>
  clone.write("Pulumi.dev.yaml", `config: {}\n${encryptionsalt ? `encryptionsalt: ${encryptionsalt}\n` : ""}`);
function unset() {
  vi.stubEnv("PULUMI_CONFIG_PASSPHRASE", undefined);
  vi.stubEnv("PULUMI_CONFIG_PASSPHRASE_FILE", undefined);
}

describe("passphraseEnv", () => {
  it("makes a passphrase once, for its owner's eyes, and keeps it", () => {
    unset();
    const file = clone.path(".xnai/passphrase");
    expect(passphraseEnv("dev")).toEqual({ PULUMI_CONFIG_PASSPHRASE_FILE: file });
    const made = clone.read(".xnai/passphrase");
    expect(made.trim()).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(clone.path(".xnai")).mode & 0o777).toBe(0o700);
    passphraseEnv("dev");
    expect(clone.read(".xnai/passphrase")).toBe(made);
  });

  it.each([
    ["PULUMI_CONFIG_PASSPHRASE", "own"],
    ["PULUMI_CONFIG_PASSPHRASE_FILE", "/own"],
  ])("leaves the user's own %s=%j alone", (name, value) => {
    unset();
    vi.stubEnv(name, value);
    expect(passphraseEnv("dev")).toEqual({});
    expect(() => clone.read(".xnai/passphrase")).toThrow("ENOENT");
  });

  it("takes an empty PULUMI_CONFIG_PASSPHRASE for a stack that was made with it, and for no new one", () => {
    unset();
    vi.stubEnv("PULUMI_CONFIG_PASSPHRASE", "");
    expect(() => passphraseEnv("dev")).toThrow(
      expect.objectContaining({
        code: exitCode.usage,
        message: expect.stringContaining("PULUMI_CONFIG_PASSPHRASE is set and empty"),
        fix: expect.stringContaining("Unset it"),
      }),
    );
    stack(emptySalt);
    expect(passphraseEnv("dev")).toEqual({});
  });

  it("never makes a new one for secrets that the lost one encrypted", () => {
    unset();
    stack(salt);
    clone.write(".xnai/.pulumi/stacks/xnai/dev.json", {});
    expect(() => passphraseEnv("dev")).toThrow(
      expect.objectContaining({
        code: exitCode.machine,
        message: expect.stringMatching(/^The passphrase of stack dev is missing: .*\.xnai\/passphrase does not exist/),
        fix: expect.stringContaining("from your backup"),
      }),
    );
    expect(() => clone.read(".xnai/passphrase")).toThrow("ENOENT");
  });
});

describe("checkPassphrase, against a salt that Pulumi made", () => {
  it("takes the right one, from a file with a line end", async () => {
    unset();
    stack(salt);
    vi.stubEnv("PULUMI_CONFIG_PASSPHRASE_FILE", clone.write(".xnai/mine", `${phrase}\n`));
    await checkPassphrase("dev");
  });

  it("takes an empty one that is meant", async () => {
    unset();
    stack(emptySalt);
    vi.stubEnv("PULUMI_CONFIG_PASSPHRASE", "");
    await checkPassphrase("dev");
  });

  it("refuses a wrong one before anything is changed, and says where it is from", async () => {
    unset();
    stack(salt);
    const file = clone.write(".xnai/passphrase", "another");
    await expect(checkPassphrase("dev")).rejects.toMatchObject({
      code: exitCode.machine,
      message: `The passphrase in ${file} does not open stack dev.`,
      fix: expect.stringContaining("Nothing was changed"),
    });
    vi.stubEnv("PULUMI_CONFIG_PASSPHRASE", "");
    await expect(checkPassphrase("dev")).rejects.toMatchObject({
      message: "The passphrase in PULUMI_CONFIG_PASSPHRASE, which is empty, does not open stack dev.",
    });
  });

  it("says which file cannot be read", async () => {
    unset();
    stack(salt);
    vi.stubEnv("PULUMI_CONFIG_PASSPHRASE_FILE", "/nowhere/file");
    await expect(checkPassphrase("dev")).rejects.toMatchObject({
      code: exitCode.machine,
      message: expect.stringContaining("The passphrase file /nowhere/file cannot be read"),
    });
  });

  it("has nothing to say about a stack without a salt, or with another kind of encryption", async () => {
    unset();
    await checkPassphrase("dev");
    stack();
    await checkPassphrase("dev");
    stack("v2:something");
    await checkPassphrase("dev");
  });
});
