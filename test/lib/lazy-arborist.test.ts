// The SDK does not load npm's library until somebody needs it, and has it then. In a process of its own, because the tests
// have loaded the SDK already.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parse } from "yaml";

const root = join(import.meta.dirname, "../..");
const { nodeargs } = parse(readFileSync(join(root, "Pulumi.yaml"), "utf8")).runtime.options;

it("is what Pulumi starts the program with", () => {
  const [flag, file] = nodeargs.split(" ");
  expect(flag).toBe("--import");
  expect(existsSync(join(root, file))).toBe(true);
});

it("keeps npm's library away from the SDK until it is used", () => {
  const script = `
    require("@pulumi/pulumi");
    const names = () => Object.keys(require.cache).filter((path) => path.includes("@npmcli/arborist/lib/"));
    const before = names().filter((path) => !path.endsWith("/lib/index.js")).length;
    const { Arborist } = require("@npmcli/arborist");
    console.log(JSON.stringify({ before, after: names().length, works: typeof new Arborist({ path: "." }).loadActual }));
  `;
  const text = execFileSync(process.execPath, [...nodeargs.split(" "), "-e", script], { cwd: root, encoding: "utf8" });
  const { before, after, works } = JSON.parse(text);
  expect(before).toBe(0);
  expect(after).toBeGreaterThan(10);
  expect(works).toBe("function");
});
