// What an image is called: another name for another content, the same name for everything else.
import {
  appendFileSync,
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { contentHash } from "../../../airgap/images/content-hash.ts";
import { builder } from "../../../airgap/images/lib/settings.ts";
import { type ImageName, imageNames, localImage, recipeHash, versions } from "../../../airgap/images/names.ts";
import { recipes } from "../../../airgap/images/recipes.ts";
import type { Recipe } from "../../../airgap/recipe.ts";

const images = join(import.meta.dirname, "../../../airgap/images");
const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "xnai names "));
  made.push(folder);
  return folder;
}

describe("names of built images", () => {
  it.each(imageNames)("%s: a tag of version and 12 hex digits, the same each time", (name) => {
    expect(localImage(name)).toMatch(new RegExp(`^xnai\\.local/${name}:${versions[name]}-[0-9a-f]{12}$`));
    expect(localImage(name)).toBe(localImage(name));
  });

  function folder(): string {
    const at = temporaryFolder();
    mkdirSync(join(at, "lib"));
    writeFileSync(join(at, "recipe.ts"), "a");
    writeFileSync(join(at, "lib/b.ts"), "b");
    return at;
  }

  /** The hash of a recipe that copies a whole folder into an image. */
  function hashFolder(version: string, at: string): string {
    return contentHash({ name: "x", folder: at, version, seconds: 1, files: { "usr/share/x": "." }, start: {} });
  }

  it("does not depend on where the checkout lies", () => {
    const one = folder();
    const other = join(temporaryFolder(), "moved");
    cpSync(one, other, { recursive: true });
    expect(hashFolder("1", other)).toBe(hashFolder("1", one));
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
    const before = hashFolder("1", at);
    change(at);
    expect(hashFolder(version, at)).not.toBe(before);
  });

  it("cannot be fooled by one file that reads like two", () => {
    const [one, two] = [folder(), folder()];
    writeFileSync(join(one, "recipe.ts"), "a\0/zzz\0\0b");
    writeFileSync(join(two, "zzz"), "b");
    expect(hashFolder("1", one)).not.toBe(hashFolder("1", two));
  });

  it("the same name after a note was written", () => {
    const at = folder();
    const before = hashFolder("1", at);
    writeFileSync(join(at, "README.md"), "words");
    expect(hashFolder("1", at)).toBe(before);
  });
});

describe("another name", () => {
  const redis = recipes.redis;
  const hashOf = (more: Partial<Recipe>) => contentHash({ ...redis, ...more });
  const packages = redis.packages as NonNullable<Recipe["packages"]>;

  it.each<[string, Partial<Recipe>]>([
    ["a package added", { packages: { ...packages, names: [...packages.names, "libsystemd-dev"] } }],
    ["a pattern changed", { packages: { ...packages, drop: [/gconv|benchmark|other/] } }],
    ["a pattern's flags changed", { packages: { ...packages, drop: [/gconv|benchmark/i] } }],
    ["a user changed", { base: { users: [{ name: "redis", uid: 998, gid: 1000, home: "/home/redis" }] } }],
    ["a link removed", { links: {} }],
    ["a directory's mode changed", { directories: { data: { uid: 999, gid: 1000, mode: 0o700 } } }],
    ["another command", { start: { ...redis.start, cmd: ["redis-cli"] } }],
    ["another version", { version: "7.2" }],
    ["another sentence in a stand-in's label", { standIn: "A stand-in." }],
  ])("after %s", (_, more) => {
    expect(hashOf({})).toBe(recipeHash("redis"));
    expect(hashOf(more)).not.toBe(hashOf({}));
  });

  it.each<[ImageName, string]>([
    ["redis", "docker-entrypoint.sh"],
    ["caddy", "go.mod"],
    ["consul", "go.sum"],
    ["vikunja", "server/main.go"],
    ["vikunja", "server/api/tasks.go"],
    ["vikunja", "server/web/a-new-file.go"],
    ["qdrant", "standin/log.py"],
    ["qdrant", "standin/rest/points.py"],
    ["qdrant", "standin/storage/a_new_file.py"],
    ["qdrant", "entrypoint.sh"],
    ["qdrant", "config/config.yaml"],
    ["qdrant", "requirements.txt"],
  ])("of %s after %s was edited", (name, file) => {
    expect(hashAfter(name, file)).not.toBe(recipeHash(name));
  });

  it("of every image after a change of what all have in common", () => {
    const hashes = Object.values(recipes).map((recipe) => contentHash(recipe));
    const changed: { format: number } = builder;
    changed.format += 1;
    const other = Object.values(recipes).map((recipe) => contentHash(recipe));
    changed.format -= 1;
    for (const [index, hash] of hashes.entries()) expect(other[index]).not.toBe(hash);
  });
});

describe("the same name", () => {
  it.each<[ImageName, string]>([
    ["redis", "recipe.ts"],
    ["qdrant", "recipe.ts"],
    ["qdrant", "python.ts"],
    ["qdrant", "standin/README.md"],
    ["qdrant", "standin/test_log.py"],
    ["qdrant", "standin/rest/test_points.py"],
    ["qdrant", "standin/rest/README.md"],
    ["vikunja", "server/main_test.go"],
    ["vikunja", "server/api/tasks_test.go"],
    ["vikunja", "server/api/README.md"],
    ["vikunja", "notes.txt"],
  ])("of %s after a comment was added in %s", (name, file) => {
    expect(hashAfter(name, file)).toBe(recipeHash(name));
  });

  it("of every image after a comment in every file of code", async () => {
    const airgap = join(temporaryFolder(), "airgap");
    for (const part of ["images", "standins"]) {
      cpSync(join(images, "..", part), join(airgap, part), { recursive: true });
      for (const file of globSync("**/*.ts", { cwd: join(airgap, part) }))
        appendFileSync(join(airgap, part, file), "// a comment\n");
    }
    const copy = (await import(join(airgap, "images/names.ts"))) as { localImage: typeof localImage };
    expect(imageNames.map(copy.localImage)).toEqual(imageNames.map(localImage));
  });

  it("after a better guess at how long the build takes", () => {
    expect(contentHash({ ...recipes.redis, seconds: 99 })).toBe(recipeHash("redis"));
  });
});

/** The hash of an image after a line was added to a file of its folder. */
function hashAfter(name: ImageName, file: string): string {
  const folder = join(temporaryFolder(), name);
  cpSync(recipes[name].folder, folder, { recursive: true });
  appendFileSync(join(folder, file), "// a line\n");
  return contentHash({ ...recipes[name], folder });
}

describe("recipes", () => {
  it.each(imageNames)("%s: the recipe is named as its folder", (name) => {
    expect(recipes[name].name).toBe(name);
    expect(basename(recipes[name].folder)).toBe(name);
  });

  it("only Vikunja and Qdrant are stand-ins, and they say so in one sentence", () => {
    const standIns = Object.values(recipes).filter((recipe: Recipe) => recipe.standIn !== undefined);
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
