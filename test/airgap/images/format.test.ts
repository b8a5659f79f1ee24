// Whether the builder still makes the same image of the same recipe. Names of images are hashes of recipes, so a change in
// airgap/images/lib that changes what images contain has to raise the builder's format by hand: this test asks for it.
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Header, pack } from "tar-stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ImageSpec, imageConfig } from "../../../airgap/images/lib/archive.ts";
import { assemble, type Ingredients } from "../../../airgap/images/lib/assemble.ts";
import type { DebianPackage } from "../../../airgap/images/lib/debian.ts";
import { builder } from "../../../airgap/images/lib/settings.ts";
import type { Recipe } from "../../../airgap/recipe.ts";

/** After a change that is meant: raise `builder.format` (airgap/images/lib/settings.ts), and put both here. */
const committed = {
  format: 1,
  layer: "b874840196f776b499c02a71f2146fb7a6117d5f505fb2008e8a801b62fafa98",
  config: "993b3d3ac41729fdf2d6c2579881192d7bc5aee93e72a7bdd858f6f547ddd021",
};

const folder = mkdtempSync(join(tmpdir(), "xnai format "));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A package with files, links and what is left out of every package. */
function debianPackage(
  name: string,
  version: string,
  entries: Record<string, string | Partial<Header>>,
): DebianPackage {
  const tar = pack();
  for (const [path, entry] of Object.entries(entries))
    if (typeof entry === "string") tar.entry({ name: `./${path}`, mode: 0o755, uid: 3, gid: 4 }, entry);
    else tar.entry({ name: `./${path}`, ...entry });
  tar.finalize();
  return { name, version, unpackTo: (sink) => pipeline(tar, sink) };
}

const ingredients: Ingredients = {
  packages: async (names) =>
    names.map((name) =>
      debianPackage(name, "1:2.3-4", {
        [`bin/${name}`]: "program",
        "usr/bin/busybox": "busybox",
        "usr/lib/x/library.so": "library",
        "usr/lib/x/link.so": { type: "symlink", linkname: "library.so" },
        "lib/x/hard": { type: "link", linkname: "./usr/lib/x/library.so" },
        [`usr/share/doc/${name}/copyright`]: "licence",
        [`usr/share/doc/${name}/README`]: "left out",
        "usr/share/unwanted": "dropped",
        "usr/share/ca-certificates/b.crt": "certificate b\n",
        "usr/share/ca-certificates/a.crt": "certificate a\n",
      }),
    ),
  program: async () => join(folder, "program"),
  licence: async () => Buffer.from("the licence"),
  wheel: async () => join(folder, "wheel"),
  applets: async () => ["sh", "ls", "tool"],
};

/** Uses everything that a recipe can say. */
const recipe: Recipe = {
  name: "example",
  folder,
  version: "2",
  versionOfPackage: "tool",
  seconds: 1,
  base: { users: [{ name: "worker", uid: 7, gid: 8, group: "workers", home: "/home/worker", shell: "/bin/sh" }] },
  program: {
    module: ".",
    package: ".",
    to: "usr/bin/program",
    licenceTo: "usr/share/doc/LICENSE",
    bindsLowPorts: true,
  },
  packages: { names: ["tool"], keep: /^usr\//, drop: [/unwanted/, /\.crt$/] },
  wheel: { distribution: "x", requirements: "requirements.txt", package: "x", to: "usr/lib/python/x" },
  certificates: true,
  busybox: true,
  appended: { "usr/lib/x/library.so": " and more" },
  links: { "usr/bin/link": "tool" },
  directories: { data: { uid: 7, gid: 8, mode: 0o1777 }, "data/deep": {} },
  files: { "etc/script.sh": "script.sh", "etc/settings": "settings" },
  start: {
    entrypoint: ["/etc/script.sh"],
    cmd: ["tool"],
    env: { VERSION: "v{version}", PATH: "/bin" },
    user: "7:8",
    workdir: "/data",
    volumes: ["/data"],
    ports: ["80/tcp"],
    stopSignal: "SIGINT",
  },
};

let image: ImageSpec;
beforeAll(async () => {
  for (const path of ["settings/deep", "wheel/deep"]) mkdirSync(join(folder, path), { recursive: true });
  for (const [path, text, mode] of [
    ["program", "program", 0o700],
    ["script.sh", "#!/bin/sh\n", 0o644],
    ["settings/a.yaml", "a: 1\n", 0o600],
    ["settings/deep/b.yaml", "b: 2\n", 0o644],
    ["settings/README.md", "a note", 0o644],
    ["wheel/module.py", "pass\n", 0o644],
    ["wheel/deep/native.so", "native", 0o755],
  ] as const)
    writeFileSync(join(folder, path), text, { mode });
  image = await assemble(recipe, ingredients);
});

async function layerDigest(spec: ImageSpec): Promise<string> {
  const hash = createHash("sha256");
  const tar = new PassThrough();
  tar.on("data", (chunk) => hash.update(chunk));
  // Another time than the builder's, which is set to another day now and then.
  await spec.tree.pack(tar, new Date("2001-02-03T04:05:06Z"));
  return hash.digest("hex");
}

/** Without what is not the builder's doing. */
function configDigest(spec: ImageSpec): string {
  const { architecture, created, history, ...decided } = imageConfig(spec, { some: "label" }, "sha256:1") as Record<
    string,
    unknown
  >;
  return createHash("sha256").update(JSON.stringify(decided)).digest("hex");
}

describe("a recipe that uses everything", () => {
  it("makes the image that it always made", async () => {
    const made = { format: builder.format, layer: await layerDigest(image), config: configDigest(image) };
    expect(
      made,
      "The builder makes another image of the same recipe. If that is meant, raise `format` in airgap/images/lib/settings.ts" +
        " so that images get new names, and put what it makes now into `committed` in this test. If not, undo it.",
    ).toEqual(committed);
  });

  it("has what packages hold, but for documentation and what the recipe drops", () => {
    const paths = image.tree.paths();
    expect(paths).toEqual(
      expect.arrayContaining(["/usr/bin/tool", "/usr/lib/x/hard", "/usr/share/doc/tool/copyright", "/usr/bin/sh"]),
    );
    expect(paths.filter((path) => /README|unwanted|\.crt$|a note/.test(path))).toEqual([
      "/etc/ssl/certs/ca-certificates.crt",
    ]);
  });

  it("joins the certificates into one file", () => {
    expect(image.tree.bytes("etc/ssl/certs/ca-certificates.crt").toString()).toBe("certificate a\ncertificate b\n");
  });

  it("copies folders without notes, and adds to files of packages", () => {
    expect(image.tree.has("etc/settings/deep/b.yaml")).toBe(true);
    expect(image.tree.has("etc/settings/README.md")).toBe(false);
    expect(image.tree.bytes("usr/lib/x/library.so").toString()).toBe("library and more");
  });

  it("knows the exact version, and puts it where the recipe asks for it", () => {
    expect(image.version).toBe("2.3");
    expect(image.env).toEqual({ VERSION: "v2.3", PATH: "/bin" });
  });
});

it("a recipe with nothing makes an empty image", async () => {
  const empty = await assemble({ name: "empty", folder, version: "1", seconds: 1, start: {} }, ingredients);
  expect([empty.tree.paths(), empty.version]).toEqual([[], "1"]);
});
