// Downloads Debian packages, verified with Debian's keys, without touching what the machine has installed.
import { createHash } from "node:crypto";
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { serialQueue } from "../../../lib/serial.ts";
import { aptGet, writeAptDirectory } from "./apt-directory.ts";

const listsMaxAgeMs = 24 * 3600 * 1000;

/** A package file on disk. */
export interface Deb {
  readonly name: string;
  /** Debian's version, such as `5:7.0.15-1~deb12u10`. */
  readonly version: string;
  readonly sha256: string;
  readonly file: string;
}

/** One set of packages at a time: they share the apt directory. */
const queue = serialQueue();

/**
 * Downloads packages (exactly these, no dependencies) to `${cache}/debs`; what is already there is not fetched again.
 * @throws XnaiError (machine) when the machine has no apt, no Debian mirror is known, or the download fails
 */
export function fetchDebs(cache: string, packages: readonly string[]): Promise<Deb[]> {
  return queue(async () => {
    const folder = join(cache, "debs");
    const root = join(cache, "apt");
    await mkdir(folder, { recursive: true });
    const config = await writeAptDirectory(root);
    const apt = (cwd: string, ...args: string[]) => aptGet(["-qq", "-c", config, ...args], cwd);

    const lists = join(root, "lists-read");
    const readLists = async () => {
      await apt(folder, "-o", "APT::Update::Error-Mode=any", "update");
      await writeFile(lists, "");
    };
    const fetch = async () => {
      // Asked elsewhere than in `folder`: apt leaves out what the current directory has already.
      const debs = parseUris(await apt(root, "download", "--print-uris", ...packages), folder);
      if (!(await areComplete(debs))) await apt(folder, "download", ...packages);
      return debs;
    };
    if ((await ageMs(lists)) > listsMaxAgeMs) await readLists();
    // A version may have gone from the mirror since: read the lists again, once.
    return fetch().catch(async () => {
      await readLists();
      return fetch();
    });
  });
}

async function ageMs(file: string): Promise<number> {
  return stat(file).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => Number.POSITIVE_INFINITY,
  );
}

/** By their checksums: an interrupted download leaves a part of a file under its final name. */
async function areComplete(debs: readonly Deb[]): Promise<boolean> {
  const complete = debs.map(async ({ file, sha256 }) => {
    const content = await readFile(file).catch(() => Buffer.alloc(0));
    return createHash("sha256").update(content).digest("hex") === sha256;
  });
  return (await Promise.all(complete)).every(Boolean);
}

/**
 * Pure: what `apt-get download --print-uris` printed, in lines such as
 * `'http://.../redis.deb' redis_5%3a7.0.15_amd64.deb 70628 SHA256:...`.
 */
export function parseUris(output: string, folder: string): Deb[] {
  return [...output.matchAll(/^'[^']*' (\S+\.deb) \d+ SHA256:([0-9a-f]{64})/gm)].map(([, file = "", sha256 = ""]) => {
    const [name = "", version = ""] = file.split("_");
    return { name, version: decodeURIComponent(version), sha256, file: join(folder, file) };
  });
}
