// The same releases, if they are on this machine already: nothing to bring then.
import { realpath } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, delimiter, dirname, join } from "node:path";
import { execa } from "execa";
import { fingerprint } from "./cache.ts";
import type { Part } from "./parts.ts";

/**
 * The executables of a part, where the user has exactly that version of them.
 * @param ours the folder of all toolchains: another checkout's is not the user's
 */
export async function findInstalled(part: Part, env: NodeJS.ProcessEnv, ours: string): Promise<string[] | undefined> {
  const names = part.components.map(({ file }) => basename(file));
  for (const folder of candidates(part, env)) {
    const first = join(folder, names[0] ?? "");
    if (!fingerprint(first)) continue;
    const real = dirname(await realpath(first));
    if (`${real}/`.startsWith(`${await realpath(ours)}/`)) continue;
    const files = names.map((name) => join(real, name));
    if (files.every(fingerprint) && (await isThatVersion(files[0] ?? "", part))) return files;
  }
  return undefined;
}

/** A plugin is where `pulumi plugin install` puts it, the CLI on PATH with its language host beside it. */
function candidates(part: Part, env: NodeJS.ProcessEnv): string[] {
  const [first] = part.components;
  if (!first) return [];
  if (!first.file.startsWith("home/")) return (env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return [join(env.PULUMI_HOME ?? join(homedir(), ".pulumi"), dirname(first.file).slice("home/".length))];
}

async function isThatVersion(file: string, { components }: Part): Promise<boolean> {
  const argument = basename(file) === "pulumi" ? "version" : "--version";
  const { stdout } = await execa(file, [argument], { reject: false, stdin: "ignore", timeout: 10_000 });
  return stdout?.trim().replace(/^v/, "") === components[0]?.version;
}
