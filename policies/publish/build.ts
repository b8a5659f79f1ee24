// Makes policies/dist: the pack as JavaScript, a package that runs from its own folder in somebody else's project.
// `npm run policy:pack` makes a .tgz of it.
import { execFileSync } from "node:child_process";
import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const here = import.meta.dirname;
const pack = join(here, "..");
const root = join(pack, "..");
const dist = join(pack, "dist");
const entry = "policies/index.js";
const read = (file: string) => JSON.parse(readFileSync(file, "utf8"));

rmSync(dist, { recursive: true, force: true });
const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
execFileSync(process.execPath, [tsc, "-p", join(here, "tsconfig.build.json")], { stdio: "inherit" });

const { dependencies } = read(join(root, "package.json"));
const { name, version, description, license } = read(join(pack, "package.json"));
const needed = ["@pulumi/policy", "@pulumi/pulumi", "zod"].map((each) => [each, `^${dependencies[each]}`]);
const manifest = {
  name,
  version,
  description,
  license,
  type: "module",
  main: entry,
  engines: { node: ">=22.12" },
  dependencies: Object.fromEntries(needed),
};
writeFileSync(join(dist, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
const project = readFileSync(join(pack, "PulumiPolicy.yaml"), "utf8");
writeFileSync(join(dist, "PulumiPolicy.yaml"), project.replace(/^main: .*$/m, `main: ${entry}`));
copyFileSync(join(root, "docs/policies.md"), join(dist, "README.md"));
copyFileSync(join(root, "LICENSE"), join(dist, "LICENSE"));
