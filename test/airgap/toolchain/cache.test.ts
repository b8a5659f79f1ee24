// When a toolchain is another one: a new key means minutes of building on machines without the releases.
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { cacheKey, withoutComments } from "../../../airgap/toolchain/cache.ts";

const airgap = join(import.meta.dirname, "../../../airgap");
let copy: string;
beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), "xnai key "));
  cpSync(join(airgap, "toolchain"), join(copy, "toolchain"), { recursive: true });
  cpSync(join(airgap, "cache-folder.ts"), join(copy, "cache-folder.ts"));
});
afterEach(() => rmSync(copy, { recursive: true, force: true }));

async function keyOfCopy(): Promise<string> {
  return ((await import(join(copy, "toolchain/cache.ts"))) as { cacheKey: typeof cacheKey }).cacheKey();
}

const plugin = "toolchain/providers/pulumi-resource-docker/main.go";

test("the key is the same wherever the checkout is, and after comments in Go and in TypeScript", async () => {
  for (const file of [plugin, "toolchain/providers/go.mod"]) appendFileSync(join(copy, file), "\n// a comment\n\n");
  appendFileSync(join(copy, "toolchain/tools.ts"), "// a comment\n");
  appendFileSync(join(copy, "toolchain/install.ts"), "export const more = 1;\n");
  expect(await keyOfCopy()).toBe(cacheKey());
});

test.each([
  ["a line of Go", (at: string) => appendFileSync(join(at, plugin), "var more int\n")],
  ["a directive", (at: string) => appendFileSync(join(at, plugin), "//go:debug madvdontneed=1\n")],
  ["a pinned module", (at: string) => appendFileSync(join(at, "toolchain/cli/go.sum"), "example.com/x v1.0.0 h1:x=\n")],
  [
    "a version",
    (at: string) => {
      const file = join(at, "toolchain/tools.ts");
      writeFileSync(file, readFileSync(file, "utf8").replace('plugin("docker", "5.2.0")', 'plugin("docker", "5.2.1")'));
    },
  ],
])("the key is another one after %s changed", async (_, change) => {
  change(copy);
  expect(await keyOfCopy()).not.toBe(cacheKey());
});

test("comments and blank lines go, code and directives stay", () => {
  const source =
    '// Package x.\npackage x\n\n\t// a note\n//go:embed file\nvar a = 1 // behind code\nvar url = "http://x"\n';
  expect(withoutComments(source)).toBe('package x\n//go:embed file\nvar a = 1 // behind code\nvar url = "http://x"\n');
});
