// Finds tools of the right version that are on this machine already: these need not be downloaded.
import { realpath } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, delimiter, dirname, join } from "node:path";
import { execa } from "execa";
import { fingerprint } from "./manifest.ts";
import type { Tool } from "./tools.ts";

/**
 * Paths of a tool's executables, where the user has exactly that version of it.
 * @param root the folder of all toolchains: what another checkout installed there is not the user's
 */
export async function findInstalled(tool: Tool, env: NodeJS.ProcessEnv, root: string): Promise<string[] | undefined> {
  const names = tool.components.map(({ file }) => basename(file));
  for (const folder of candidates(tool, env)) {
    const first = join(folder, names[0] ?? "");
    if (!fingerprint(first)) continue;
    const real = dirname(await realpath(first));
    if (`${real}/`.startsWith(`${await realpath(root)}/`)) continue;
    const files = names.map((name) => join(real, name));
    if (files.every(fingerprint) && (await isThatVersion(files[0] ?? "", tool))) return files;
  }
  return undefined;
}

/** Folders to look in: for a plugin the one of `pulumi plugin install`, for the CLI those on PATH. */
function candidates(tool: Tool, env: NodeJS.ProcessEnv): string[] {
  const [first] = tool.components;
  if (!first) return [];
  if (!first.file.startsWith("home/")) return (env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return [join(env.PULUMI_HOME ?? join(homedir(), ".pulumi"), dirname(first.file).slice("home/".length))];
}

async function isThatVersion(file: string, { components }: Tool): Promise<boolean> {
  const argument = basename(file) === "pulumi" ? "version" : "--version";
  const { stdout } = await execa(file, [argument], { reject: false, stdin: "ignore", timeout: 10_000 });
  return stdout?.trim().replace(/^v/, "") === components[0]?.version;
}
