// Makes an image of a recipe. What has to be downloaded or compiled comes from outside (ingredients.ts); what is done with
// it is decided here, and is the same wherever it came from.
import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import type { GoProgram, Recipe, Wheel } from "../../recipe.ts";
import { filesAt } from "../recipe-files.ts";
import type { ImageSpec } from "./archive.ts";
import { addBusybox, addCertificates, baseTree } from "./base.ts";
import { addPackage, type DebianPackage, upstreamVersion } from "./debian.ts";
import { Tree } from "./tree.ts";

/** What a recipe's parts are made from. */
export interface Ingredients {
  /** Exactly these packages, no dependencies. */
  packages(names: readonly string[]): Promise<readonly DebianPackage[]>;
  /** Compiles a program; gives the path of the executable. */
  program(program: GoProgram, folder: string): Promise<string>;
  /** The licence text of the module that a program's package is in. */
  licence(program: GoProgram, folder: string): Promise<Buffer>;
  /** Fetches a wheel; gives the folder with the files of its package. */
  wheel(wheel: Wheel, folder: string): Promise<string>;
  /** Names of the applets in an executable busybox. */
  applets(busybox: Buffer): Promise<readonly string[]>;
}

/** Carries out a recipe. Later steps win over earlier ones, and busybox comes after whatever may have the same programs. */
export async function assemble(recipe: Recipe, ingredients: Ingredients): Promise<ImageSpec> {
  const tree = recipe.base ? baseTree(recipe.base.users) : new Tree();
  if (recipe.program) await addProgram(tree, recipe.program, recipe.folder, ingredients);
  const versions = await addDebian(tree, recipe, ingredients);
  if (recipe.wheel) tree.hostDirectory(recipe.wheel.to, await ingredients.wheel(recipe.wheel, recipe.folder));
  addDeclared(tree, recipe);
  const version = exactVersion(recipe, versions);
  const env = Object.entries(recipe.start.env ?? {}).map(([key, value]) => [key, value.replace("{version}", version)]);
  return { ...recipe.start, env: Object.fromEntries(env), version, tree };
}

async function addProgram(tree: Tree, program: GoProgram, folder: string, ingredients: Ingredients): Promise<void> {
  tree.hostFile(program.to, await ingredients.program(program, folder), { mode: 0o755 });
  if (program.bindsLowPorts) tree.allowPortsBelow1024(program.to);
  if (program.licenceTo) tree.file(program.licenceTo, await ingredients.licence(program, folder));
}

/** Packages, certificates and busybox. @returns upstream's version of each package */
async function addDebian(tree: Tree, recipe: Recipe, ingredients: Ingredients): Promise<Map<string, string>> {
  const versions = new Map<string, string>();
  const { packages } = recipe;
  for (const found of packages ? await ingredients.packages(packages.names) : []) {
    await addPackage(tree, found, packages);
    versions.set(found.name, found.version);
  }
  const one = async (name: string) => {
    const [found] = await ingredients.packages([name]);
    if (!found) throw new Error(`apt says nothing of the package ${name}`);
    versions.set(name, found.version);
    return found;
  };
  if (recipe.certificates) await addCertificates(tree, await one("ca-certificates"));
  if (recipe.busybox) await addBusybox(tree, await one("busybox-static"), (busybox) => ingredients.applets(busybox));
  return versions;
}

/** What the recipe itself says: added text, links, directories, files of its folder. */
function addDeclared(tree: Tree, { folder, appended = {}, links = {}, directories = {}, files = {} }: Recipe): void {
  for (const [path, text] of Object.entries(appended)) tree.file(path, `${tree.bytes(path)}${text}`);
  for (const [path, target] of Object.entries(links)) tree.symlink(path, target);
  for (const [path, owner] of Object.entries(directories)) tree.directory(path, owner);
  for (const [to, from] of Object.entries(files))
    for (const file of filesAt(join(folder, from)))
      tree.file(posix.join(to, file), readFileSync(join(folder, from, file)));
}

function exactVersion({ version, versionOfPackage, standIn }: Recipe, versions: Map<string, string>): string {
  if (versionOfPackage) return upstreamVersion(versions.get(versionOfPackage));
  return standIn ? `${version}-standin` : version;
}
