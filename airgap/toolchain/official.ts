// The official releases, where they can be reached: found out in three seconds, checked against their checksums.
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { extract } from "tar-stream";
import type { Part } from "./parts.ts";

/** Where the releases are: `<base>/<repo>/releases/download/<tag>/<file>`. */
export const officialBase = "https://github.com/pulumi";

export interface DownloadOptions {
  /** @default GitHub */
  base?: string;
  /** How long the server may take to answer at all. @default 3000 */
  answerMs?: number;
  /** How long a download may stand still. @default 20000 */
  stallMs?: number;
  /** Gets a line when a download starts. */
  say?: (text: string) => void;
}

/**
 * Downloads a part and puts its executables into a folder, under their own names.
 * @returns why it was not done; undefined when it was
 */
export async function download(part: Part, folder: string, options: DownloadOptions = {}): Promise<string | undefined> {
  const { base = officialBase, answerMs = 3_000, stallMs = 20_000, say = () => {} } = options;
  const { official, components, title } = part;
  const release = `${base}/${official.repo}/releases/download/${official.tag}`;
  const archive = join(folder, official.archive);
  try {
    const expected = await checksum(`${release}/${official.checksums}`, official.archive, answerMs);
    say(`downloading ${title}`);
    const found = await fetchFile(`${release}/${official.archive}`, archive, expected.length, stallMs);
    if (found !== expected) return `the checksum of ${official.archive} is ${found}, not ${expected}: not used`;
    const names = components.map(({ file }) => file.slice(file.lastIndexOf("/") + 1));
    const missing = await unpack(archive, official.folder, names, folder);
    return missing.length > 0 ? `${official.archive} holds no ${missing.join(", ")}` : undefined;
  } catch (error) {
    if (isAboutThisMachine(error)) throw error;
    return reason(error);
  } finally {
    await rm(archive, { force: true });
  }
}

/** A full disk or a folder that may not be written is not the release's fault. */
function isAboutThisMachine(error: unknown): boolean {
  return ["ENOSPC", "EDQUOT", "EACCES", "EPERM", "EROFS"].includes((error as NodeJS.ErrnoException).code ?? "");
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return "no answer in time";
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

/** The line `<hex>  [./]<name>` of a checksum file. The plugins' releases have SHA-1 sums, the CLI's SHA-256. */
async function checksum(url: string, name: string, answerMs: number): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(answerMs) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  for (const line of (await response.text()).split("\n")) {
    const [, sum, of] = /^([0-9a-f]{40}|[0-9a-f]{64}) [ *](?:\.\/)?(\S+)$/.exec(line.trim()) ?? [];
    if (sum && of === name) return sum;
  }
  throw new Error(`${url} has no checksum of ${name}`);
}

/** Saves a file and gives its hash, of the kind that has so many hex digits. */
async function fetchFile(url: string, path: string, digits: number, stallMs: number): Promise<string> {
  const stalled = new AbortController();
  const timer = setTimeout(() => stalled.abort(), stallMs);
  const hash = createHash(digits === 40 ? "sha1" : "sha256");
  const watch = new Transform({
    transform(chunk, _encoding, done) {
      timer.refresh();
      hash.update(chunk);
      done(null, chunk);
    },
  });
  try {
    const response = await fetch(url, { signal: stalled.signal });
    if (!response.ok || !response.body) throw new Error(`${url} answered ${response.status}`);
    await pipeline(Readable.fromWeb(response.body), watch, createWriteStream(path), { signal: stalled.signal });
  } catch (error) {
    throw stalled.signal.aborted ? new Error(`${url} stopped sending`) : error;
  } finally {
    clearTimeout(timer);
  }
  return hash.digest("hex");
}

/** Takes the named executables out of an archive; gives the names that were not in it. */
async function unpack(archive: string, inside: string, names: string[], folder: string): Promise<string[]> {
  const missing = new Set(names);
  const entries = extract();
  const take = async () => {
    for await (const entry of entries) {
      const name = names.find((wanted) => entry.header.name.replace(/^\.\//, "") === inside + wanted);
      if (name && entry.header.type === "file") {
        await pipeline(entry, createWriteStream(join(folder, name), { mode: 0o755 }));
        missing.delete(name);
      } else entry.resume();
    }
  };
  await Promise.all([pipeline(createReadStream(archive), createGunzip(), entries), take()]);
  return [...missing];
}
