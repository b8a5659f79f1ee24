// Makes policies/dist: the pack as JavaScript, a package that runs from its own folder in somebody else's project.
// `npm run policy:pack` makes a .tgz of it.
import { execFileSync } from "node:child_process";
import { copyFileSync, globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const pack = join(import.meta.dirname, "..");
const root = join(pack, "..");
const dist = join(pack, "dist");
const entry = "policies/index.js";
const read = (file: string) => readFileSync(file, "utf8");

rmSync(dist, { recursive: true, force: true });
const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
execFileSync(process.execPath, [tsc, "-p", join(import.meta.dirname, "tsconfig.build.json")], { stdio: "inherit" });

const { name, version, description, license } = JSON.parse(read(join(pack, "package.json")));
const manifest = {
  name,
  version,
  description,
  license,
  type: "module",
  main: entry,
  engines: { node: ">=22.12" },
  dependencies: dependencies(),
};
writeFileSync(join(dist, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
// Without what Node is started with here: that is a file of this checkout.
const described = read(join(pack, "PulumiPolicy.yaml")).replace(/^ *nodeargs: .*\n/m, "");
writeFileSync(join(dist, "PulumiPolicy.yaml"), described.replace(/^main: .*$/m, `main: ${entry}`));
copyFileSync(join(root, "docs/policies.md"), join(dist, "README.md"));
copyFileSync(join(root, "LICENSE"), join(dist, "LICENSE"));

/** The packages that the JavaScript imports, each in the version of this project or a compatible one. */
function dependencies(): Record<string, string> {
  const known: Record<string, string> = JSON.parse(read(join(root, "package.json"))).dependencies;
  const imported = globSync("**/*.js", { cwd: dist })
    .flatMap((file) => [...read(join(dist, file)).matchAll(/^import [^;]*?from "([^".][^"]*)"/gm)])
    .map(([, specifier = ""]) => specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/"))
    .filter((specifier) => !specifier.startsWith("node:"));
  // @pulumi/policy brings it too, in any version: this one is the oldest that the rules were tested with.
  const names = [...new Set([...imported, "@pulumi/pulumi"])].sort();
  return Object.fromEntries(
    names.map((each) => {
      if (!known[each]) throw new Error(`The pack imports ${each}, which package.json does not name: add it there.`);
      return [each, `^${known[each]}`];
    }),
  );
}
