// Downloads official releases, checked against their checksums. Where they are out of reach, that is found out in seconds.
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { extract } from "tar-stream";
import type { Tool } from "./tools.ts";

/** Where the releases are: `<base>/<repo>/releases/download/<tag>/<file>`. */
export const officialBase = "https://github.com/pulumi";

export interface DownloadOptions {
  /** @default GitHub */
  base?: string;
  /** How long the server may take to begin its answer, in ms. @default 3000 */
  answerMs?: number;
  /** How long a download may stand still, in ms. @default 20000 */
  stallMs?: number;
  /** Is told when a download starts. */
  say?: (text: string) => void;
}

/**
 * Downloads a tool and puts its executables into a folder, under their own names.
 * @returns why the release cannot be used; undefined when it is there
 * @throws what this machine is to blame for: a full disk, a folder that cannot be written
 */
export async function download(tool: Tool, folder: string, options: DownloadOptions = {}): Promise<string | undefined> {
  const { base = officialBase, answerMs = 3_000, stallMs = 20_000, say = () => {} } = options;
  const { official, components, title } = tool;
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

/** A full disk or a folder that cannot be written is not the release's fault. */
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

/** Saves a file. @returns its hash, of the kind (SHA-1 or SHA-256) that has this many hex digits */
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

/** Takes the named executables out of an archive. @returns the names that were not in it */
async function unpack(archive: string, inside: string, names: string[], folder: string): Promise<string[]> {
  const missing = new Set(names);
  const entries = extract();
  const take = async () => {
    for await (const entry of entries) {
      const name = names.find((candidate) => entry.header.name.replace(/^\.\//, "") === inside + candidate);
      if (name && entry.header.type === "file") {
        await pipeline(entry, createWriteStream(join(folder, name), { mode: 0o755 }));
        missing.delete(name);
      } else entry.resume();
    }
  };
  await Promise.all([pipeline(createReadStream(archive), createGunzip(), entries), take()]);
  return [...missing];
}
