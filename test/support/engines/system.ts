// The Debian 13 whose programs some of the engines are, made once into the cache of this user.
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { cacheFolder } from "../../../airgap/cache-folder.ts";

const script = join(import.meta.dirname, "system.sh");

/** Where engines are kept between runs. */
export const enginesCache = join(dirname(cacheFolder(process.env, "toolchain")), "engines");

/** Another list of packages is another folder. */
const folder = join(
  enginesCache,
  `debian-13-${createHash("sha256").update(readFileSync(script)).digest("hex").slice(0, 12)}`,
);

/** Whether it is there already: without a network none can be made. */
export const debianIsThere = (): boolean => existsSync(folder);

/** Why it is not there and cannot be made; undefined if it is, or can. */
export async function debianMissing(): Promise<string | undefined> {
  if (debianIsThere()) return undefined;
  const { failed } = await execa("debootstrap", ["--version"], { reject: false });
  return failed
    ? "it needs a Debian 13, and there is no debootstrap to make one (apt-get install debootstrap)"
    : undefined;
}

/**
 * The folder with it; made first if it is missing, which takes two minutes.
 * @throws Error with debootstrap's last words
 */
export async function debian(say: (text: string) => void): Promise<string> {
  if (!debianIsThere()) {
    say("making a Debian 13 with its engines: once, some minutes");
    const { failed, stderr } = await execa("bash", [script, folder], { reject: false });
    if (failed) throw new Error(`no Debian 13 could be made: ${stderr}`);
  }
  return folder;
}

/** The version of Podman in it. */
export async function podmanOf(system: string): Promise<string> {
  // Its package's, such as `podman	5.4.2+ds1-2+b1`.
  const { stdout } = await execa("dpkg-query", [`--admindir=${join(system, "var/lib/dpkg")}`, "--show", "podman"]);
  return stdout.replace(/^\S+\s|\+.*/g, "");
}
