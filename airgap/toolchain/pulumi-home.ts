// PULUMI_HOME inside the toolchain: the plugins, and what the CLI keeps for the user.
import { existsSync, statSync } from "node:fs";
import { cp, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";

/** What the CLI would ask the user for again: logins and selected stacks. */
const remembered = ["credentials.json", "workspaces"];

/**
 * Makes the CLI's home. A new one takes over what the CLI remembers from the toolchain that was used last, so that an
 * update of the checkout logs nobody out.
 * @param root the folder of all toolchains
 * @param folder this checkout's toolchain
 */
export async function makePulumiHome(root: string, folder: string): Promise<void> {
  const home = join(folder, "home");
  if (existsSync(home)) return;
  await mkdir(home, { mode: 0o700 });
  const lastUsed = (other: string) => statSync(join(other, "workspaces"), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const toolchains = (await readdir(root, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const others = toolchains.map(({ name }) => join(root, name, "home"));
  const [last] = others.filter((other) => lastUsed(other) > 0).sort((a, b) => lastUsed(b) - lastUsed(a));
  if (last === undefined) return;
  for (const name of remembered)
    if (existsSync(join(last, name))) await cp(join(last, name), join(home, name), { recursive: true });
}
