// A stand-in for the download server on loopback, serving tiny executables as the releases of the toolchain's parts.
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { basename } from "node:path";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import { type Part, parts } from "../../airgap/toolchain/parts.ts";

type Answer = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void;

export interface Releases {
  base: string;
  /** The files that were asked for, in that order. */
  asked: string[];
  /** Answers for one file in another way. */
  instead(file: string, answer: Answer): void;
  close(): void;
}

/** What the executables of the releases are: scripts that say what they are. */
export const script = (name: string) => `#!/bin/sh\necho ${name}\n`;

async function archive(part: Part): Promise<Buffer> {
  const tar = pack();
  tar.entry({ name: `${part.official.folder}README`, mode: 0o644 }, "not wanted");
  for (const { file } of part.components)
    tar.entry({ name: part.official.folder + basename(file), mode: 0o644 }, script(basename(file)));
  tar.finalize();
  return gzipSync(await buffer(tar));
}

/** @param sha the kind of checksum: the CLI's releases have SHA-256, the plugins' SHA-1 */
const line = (sha: "sha1" | "sha256", name: string, body: Buffer) =>
  `${createHash(sha).update(body).digest("hex")}  ${sha === "sha1" ? "./" : ""}${name}\n`;

export async function serveReleases(): Promise<Releases> {
  const files = new Map<string, Buffer>();
  for (const part of parts) {
    const { archive: name, checksums } = part.official;
    const body = await archive(part);
    files.set(name, body);
    const sums =
      line("sha256", "something-else.tar.gz", Buffer.from("")) +
      line(part === parts[0] ? "sha256" : "sha1", name, body);
    files.set(checksums, Buffer.from(sums));
  }
  const asked: string[] = [];
  const special = new Map<string, Answer>();
  const server = createServer((request, response) => {
    const file = basename(request.url ?? "");
    asked.push(file);
    const body = files.get(file);
    const answer = special.get(file);
    if (answer) answer(request, response, body ?? Buffer.from(""));
    else if (body) response.end(body);
    else response.writeHead(404).end("not found");
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    instead: (file, answer) => special.set(file, answer),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
