// Programs and policy packs to measure against.
import { mkdir, mkdtemp, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

const checkout = join(import.meta.dirname, "..", "..");

export interface Program {
  folder: string;
  env: Record<string, string>;
}

/** A Pulumi program in the stack's own runtime, with a stack `dev`. @param env what `xnai env` prints */
export async function newProgram(env: Record<string, string>, source: string): Promise<Program> {
  const folder = await mkdtemp(join(tmpdir(), "xnai-program-"));
  await mkdir(join(folder, "state"));
  await writeFile(
    join(folder, "Pulumi.yaml"),
    "name: program\nruntime:\n  name: nodejs\n  options:\n    typescript: false\nmain: index.ts\n",
  );
  await writeFile(join(folder, "package.json"), '{ "name": "program", "type": "module" }\n');
  await writeFile(join(folder, "index.ts"), source);
  await symlink(join(checkout, "node_modules"), join(folder, "node_modules"));
  const own = { ...env, PULUMI_BACKEND_URL: `file://${folder}/state`, PULUMI_CONFIG_PASSPHRASE: "bench" };
  await execa("pulumi", ["stack", "init", "dev"], { cwd: folder, env: own });
  return { folder, env: own };
}

/** A policy pack that allows everything, in the clone `root`: what any pack costs, whatever its rules. */
export async function emptyPack(root: string): Promise<string> {
  const folder = join(root, "empty-pack");
  await mkdir(folder);
  await writeFile(join(folder, "PulumiPolicy.yaml"), "runtime: nodejs\nmain: index.js\n");
  await writeFile(join(folder, "package.json"), '{ "name": "empty-pack", "version": "0.0.0" }\n');
  await writeFile(
    join(folder, "index.js"),
    'const { PolicyPack } = require("@pulumi/policy");\nnew PolicyPack("empty", { policies: [] });\n',
  );
  return folder;
}
