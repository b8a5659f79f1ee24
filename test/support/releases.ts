// A stand-in for the download server on loopback, serving tiny executables as the releases of the toolchain.
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { basename } from "node:path";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import { type Tool, tools } from "../../airgap/toolchain/tools.ts";

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

async function archive(tool: Tool): Promise<Buffer> {
  const tar = pack();
  tar.entry({ name: `${tool.official.folder}README`, mode: 0o644 }, "not wanted");
  for (const { file } of tool.components)
    tar.entry({ name: tool.official.folder + basename(file), mode: 0o644 }, script(basename(file)));
  tar.finalize();
  return gzipSync(await buffer(tar));
}

/** @param sha the kind of checksum: the CLI's releases have SHA-256, the plugins' SHA-1 */
const line = (sha: "sha1" | "sha256", name: string, body: Buffer) =>
  `${createHash(sha).update(body).digest("hex")}  ${sha === "sha1" ? "./" : ""}${name}\n`;

export async function serveReleases(): Promise<Releases> {
  const files = new Map<string, Buffer>();
  for (const tool of tools) {
    const { archive: name, checksums } = tool.official;
    const body = await archive(tool);
    files.set(name, body);
    const sums =
      line("sha256", "something-else.tar.gz", Buffer.from("")) +
      line(tool === tools[0] ? "sha256" : "sha1", name, body);
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
