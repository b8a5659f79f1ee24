/**
 * An apt directory of our own, so that neither what the machine has installed nor its package lists are touched:
 * the machine's Debian mirror and proxy, one Debian release, Debian's signing keys. Needs no root.
 */
import { createHash } from "node:crypto";
import { access, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ExecaError, execa } from "execa";
import { exitCode, XnaiError } from "../../../lib/errors.ts";

/** The Debian release that the images are made of, whichever the machine itself runs. */
const release = "bookworm";
const listsMaxAgeMs = 24 * 3600 * 1000;
const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

export interface Deb {
  readonly name: string;
  /** Debian's version, such as `5:7.0.15-1~deb12u10`. */
  readonly version: string;
  readonly sha256: string;
  readonly file: string;
}

/** Packages are fetched one set at a time: they share the directory. */
let turn: Promise<unknown> = Promise.resolve();

/**
 * Downloads packages (exactly these, no dependencies) to `${cache}/debs`; what is already there is not fetched again.
 * @throws XnaiError (3) when the machine has no apt, no Debian mirror is known, or the download fails
 */
export function fetchDebs(cache: string, packages: readonly string[]): Promise<Deb[]> {
  const mine = turn.then(() => fetchInTurn(cache, packages));
  turn = mine.catch(() => {});
  return mine;
}

async function fetchInTurn(cache: string, packages: readonly string[]): Promise<Deb[]> {
  const folder = join(cache, "debs");
  const root = join(cache, "apt");
  const config = join(root, "apt.conf");
  await mkdir(folder, { recursive: true });
  await writeAptDirectory(root, config);
  const aptIn = (cwd: string, ...args: string[]) => run("apt-get", ["-qq", "-c", config, ...args], cwd);
  const apt = (...args: string[]) => aptIn(folder, ...args);

  const readLists = async () => {
    await apt("-o", "APT::Update::Error-Mode=any", "update");
    await writeFile(stamp, "");
  };
  const fetch = async () => {
    // Asked elsewhere than in `folder`: apt leaves out what the current directory has already.
    const debs = parseUris(await aptIn(root, "download", "--print-uris", ...packages), folder);
    if (!(await allThere(debs))) await apt("download", ...packages);
    return debs;
  };
  const stamp = join(root, "lists-read");
  const age = await stat(stamp).then(
    (at) => Date.now() - at.mtimeMs,
    () => Number.POSITIVE_INFINITY,
  );
  if (age > listsMaxAgeMs) await readLists();
  // A version may have gone from the mirror since: read the lists again, once.
  return fetch().catch(async () => {
    await readLists();
    return fetch();
  });
}

/** Whole, too: an interrupted download leaves a part under the final name. */
async function allThere(debs: readonly Deb[]): Promise<boolean> {
  const right = await Promise.all(
    debs.map(async ({ file, sha256 }) => {
      const content = await readFile(file).catch(() => Buffer.alloc(0));
      return createHash("sha256").update(content).digest("hex") === sha256;
    }),
  );
  return right.every(Boolean);
}

/** Lines such as `'http://.../redis.deb' redis_5%3a7.0.15_amd64.deb 70628 SHA256:...`. */
export function parseUris(output: string, folder: string): Deb[] {
  return [...output.matchAll(/^'[^']*' (\S+\.deb) \d+ SHA256:([0-9a-f]{64})/gm)].map(([, file = "", sha256 = ""]) => {
    const [name = "", version = ""] = file.split("_");
    return { name, version: decodeURIComponent(version), sha256, file: join(folder, file) };
  });
}

async function writeAptDirectory(root: string, config: string): Promise<void> {
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
    (await run("apt-get", ["indextargets", "--no-release-info", "--format", "$(REPO_URI) $(RELEASE)"], root));
  await writeFile(join(root, "sources.list"), sourcesList(mirrors));
  await writeFile(
    config,
    `Dir::State "${root}/state";
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
`,
  );
}

/**
 * Pure: the sources of our release, from the mirrors that the machine's own apt uses (lines `URI RELEASE`) or from one
 * address that the user gave. A Debian mirror's address ends in `/debian` or `/debian-security` by convention.
 * @throws XnaiError (3) when no mirror is known
 */
export function sourcesList(mirrors: string): string {
  const found = new Set<string>();
  for (const [uri = ""] of mirrors.split("\n").map((line) => line.trim().split(/\s+/))) {
    const suffixes = uri.match(/\/debian-security\/?$/)
      ? ["-security"]
      : uri.match(/\/debian\/?$/)
        ? ["", "-updates"]
        : [];
    for (const suffix of suffixes) {
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

async function run(command: string, args: readonly string[], cwd: string): Promise<string> {
  try {
    const { stdout } = await execa(command, args, { cwd, env: { LC_ALL: "C", DEBIAN_FRONTEND: "noninteractive" } });
    return stdout;
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error;
    if (error.code === "ENOENT") {
      throw new XnaiError(
        exitCode.machine,
        `${command} is not on this machine, and some images are made of Debian's packages.`,
        "Build the images on a Debian or Ubuntu machine, or load the official ones (docs/images.md).",
        { cause: error },
      );
    }
    const said = String(error.stderr ?? "")
      .split("\n")
      .filter((line) => line.startsWith("E:"))
      .slice(0, 2)
      .join(" ");
    throw new XnaiError(
      exitCode.machine,
      `Debian's packages cannot be downloaded: ${said || error.shortMessage}`,
      "Check that this machine reaches its Debian mirror (XNAI_DEBIAN_MIRROR names another one) and has free disk space, then run the command again.",
      { cause: error },
    );
  }
}
