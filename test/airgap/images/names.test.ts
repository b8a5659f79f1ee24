import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  folderOf,
  hashFolders,
  type ImageName,
  imageNames,
  localImage,
  versions,
} from "../../../airgap/images/names.ts";
import type { Recipe } from "../../../airgap/images/recipe.ts";

const images = join(import.meta.dirname, "../../../airgap/images");

describe("names of built images", () => {
  it.each(imageNames)("%s: a tag of version and 12 hex digits, the same each time", (name) => {
    expect(localImage(name)).toMatch(new RegExp(`^xnai\\.local/${name}:${versions[name]}-[0-9a-f]{12}$`));
    expect(localImage(name)).toBe(localImage(name));
  });

  function folder(): string {
    const at = mkdtempSync(join(tmpdir(), "xnai names "));
    mkdirSync(join(at, "lib"));
    writeFileSync(join(at, "recipe.ts"), "a");
    writeFileSync(join(at, "lib/b.ts"), "b");
    return at;
  }

  it("does not depend on where the checkout lies", () => {
    const one = folder();
    const other = join(tmpdir(), `xnai-moved-${process.pid}`);
    cpSync(one, other, { recursive: true });
    expect(hashFolders("1", [other])).toBe(hashFolders("1", [one]));
  });

  it.each<[string, (at: string) => void, string]>([
    ["a changed file", (at) => writeFileSync(join(at, "lib/b.ts"), "c"), "1"],
    ["a new file", (at) => writeFileSync(join(at, "empty"), ""), "1"],
    ["a renamed file", (at) => renameSync(join(at, "recipe.ts"), join(at, "recipe.js")), "1"],
    [
      "bytes moved to the next file",
      (at) => {
        writeFileSync(join(at, "lib/b.ts"), "");
        writeFileSync(join(at, "recipe.ts"), "ab");
      },
      "1",
    ],
    ["another version", () => {}, "2"],
  ])("another name after %s", (_, change, version) => {
    const at = folder();
    const before = hashFolders("1", [at]);
    change(at);
    expect(hashFolders(version, [at])).not.toBe(before);
  });

  it("cannot be fooled by one file that reads like two", () => {
    const [one, two] = [folder(), folder()];
    writeFileSync(join(one, "recipe.ts"), "a\0/zzz\0\0b");
    writeFileSync(join(two, "zzz"), "b");
    expect(hashFolders("1", [one])).not.toBe(hashFolders("1", [two]));
  });

  it("the same name after a note was written", () => {
    const at = folder();
    const before = hashFolders("1", [at]);
    writeFileSync(join(at, "README.md"), "words");
    expect(hashFolders("1", [at])).toBe(before);
  });
});

describe("recipes", () => {
  const load = async (name: ImageName): Promise<Recipe> => (await import(`${folderOf(name)}/recipe.ts`)).recipe;

  it.each(imageNames)("%s: the recipe is named as its folder", async (name) => {
    expect((await load(name)).name).toBe(name);
  });

  it("only Vikunja and Qdrant are stand-ins, and they say so in one sentence", async () => {
    const recipes = await Promise.all(imageNames.map(load));
    const standIns = recipes.filter((recipe) => recipe.standIn !== undefined);
    expect(standIns.map((recipe) => recipe.name)).toEqual(["vikunja", "qdrant"]);
    for (const recipe of standIns) expect(recipe.standIn).toMatch(/stand-in/i);
  });

  it.each([
    ["caddy", `github.com/caddyserver/caddy/v2 v${versions.caddy}`],
    ["consul", `github.com/hashicorp/consul v${versions.consul}`],
    ["consul", "github.com/hashicorp/consul/api v1.24.0"],
  ])("%s: go.mod pins what the name says (%s)", (name, line) => {
    expect(readFileSync(join(images, name, "go.mod"), "utf8")).toMatch(
      new RegExp(`^\\t${line.replaceAll(".", "\\.")}( |$)`, "m"),
    );
  });
});
