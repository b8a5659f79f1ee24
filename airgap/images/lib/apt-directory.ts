// An apt directory of our own, so that neither what the machine has installed nor its package lists are touched: the
// machine's Debian mirror and proxy, one Debian release, Debian's signing keys. Needs no root.
import { access, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ExecaError, execa } from "execa";
import { failureLines } from "../../../lib/command-failure.ts";
import { exitCode, XnaiError } from "../../../lib/errors.ts";
import { builder } from "./settings.ts";

const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

/**
 * Makes the directory, or sets it right.
 * @returns the path of its apt.conf
 * @throws XnaiError (machine) without apt, without Debian's keys, or when no mirror is known
 */
export async function writeAptDirectory(root: string): Promise<string> {
  await access(keyring).catch(() => {
    throw new XnaiError(
      exitCode.machine,
      `Debian's signing keys are missing (${keyring}), so packages for the images cannot be verified.`,
      "Install them (apt-get install debian-archive-keyring) and run the command again.",
    );
  });
  for (const folder of ["state/lists/partial", "cache/archives/partial", "empty.d"]) {
    await mkdir(join(root, folder), { recursive: true });
  }
  await writeFile(join(root, "status"), "");
  const mirrors =
    process.env.XNAI_DEBIAN_MIRROR ||
    (await aptGet(["indextargets", "--no-release-info", "--format", "$(REPO_URI) $(RELEASE)"], root));
  await writeFile(join(root, "sources.list"), sourcesList(mirrors));
  const config = join(root, "apt.conf");
  await writeFile(config, aptConfig(root));
  return config;
}

const aptConfig = (root: string) => `Dir::State "${root}/state";
Dir::State::status "${root}/status";
Dir::Cache "${root}/cache";
Dir::Cache::pkgcache "pkgcache.bin";
Dir::Cache::srcpkgcache "srcpkgcache.bin";
Dir::Etc::SourceList "${root}/sources.list";
Dir::Etc::SourceParts "${root}/empty.d";
APT::Sandbox::User "";
Acquire::Languages "none";
Acquire::Retries "2";
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
`;

/**
 * Pure: the sources of our release, from the mirrors that the machine's own apt uses (lines `URI RELEASE`) or from one
 * address that the user gave. By convention a Debian mirror's address ends in `/debian` or `/debian-security`.
 * @throws XnaiError (machine) when no mirror is known
 */
export function sourcesList(mirrors: string): string {
  const release = builder.debianRelease;
  const found = new Set<string>();
  for (const [uri = ""] of mirrors.split("\n").map((line) => line.trim().split(/\s+/))) {
    for (const suffix of suitesOf(uri)) {
      found.add(`deb [signed-by=${keyring} target=Packages] ${uri} ${release}${suffix} main\n`);
    }
  }
  if (![...found].some((line) => line.endsWith(`${release} main\n`))) {
    throw new XnaiError(
      exitCode.machine,
      "No Debian mirror is known: this machine's apt names none, and some images are made of Debian's packages.",
      "Set XNAI_DEBIAN_MIRROR to a mirror's address (one that ends in /debian) and run the command again.",
    );
  }
  return [...found].join("");
}

/** What follows the release's name in the suites that a mirror has. */
function suitesOf(uri: string): string[] {
  if (/\/debian-security\/?$/.test(uri)) return ["-security"];
  return /\/debian\/?$/.test(uri) ? ["", "-updates"] : [];
}

/** Runs apt-get in a folder; gives its output. @throws XnaiError (machine) that says what went wrong */
export async function aptGet(args: readonly string[], folder: string): Promise<string> {
  try {
    const env = { LC_ALL: "C", DEBIAN_FRONTEND: "noninteractive" };
    return (await execa("apt-get", args, { cwd: folder, env })).stdout;
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error;
    if (error.code === "ENOENT") {
      throw new XnaiError(
        exitCode.machine,
        "apt-get is not on this machine, and some images are made of Debian's packages.",
        "Build the images on a Debian or Ubuntu machine, or load the official ones (docs/images.md).",
        { cause: error },
      );
    }
    throw new XnaiError(
      exitCode.machine,
      `Debian's packages cannot be downloaded: ${failureLines(error, { marked: /^E:/, last: 2 }).join(" ")}`,
      "Check that this machine reaches its Debian mirror (XNAI_DEBIAN_MIRROR names another one) and has free disk space, then run the command again.",
      { cause: error },
    );
  }
}
