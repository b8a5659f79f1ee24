// What a container prints, as the engine's API hands it over.
import type { Duplex } from "node:stream";
import { PassThrough } from "node:stream";
import type Docker from "dockerode";

/** Lines that a message quotes. */
const quotedLines = 20;
/** Of a container that prints without end, only the last so many bytes are kept. */
const keptBytes = 64 * 1024;

/** The lines of a text, without those that are empty. */
export const linesOf = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "");

/**
 * The last lines of a container's log, oldest first.
 * @param since RFC 3339, as the engine says when it started: without what an earlier run said. @default whatever is there
 */
export async function lastLines(container: Docker.Container, since?: string): Promise<string[]> {
  const options = { stdout: true, stderr: true, tail: quotedLines } as const;
  const of = async (more: object) =>
    linesOf(withoutHeaders((await container.logs({ ...options, ...more })) as unknown as Buffer));
  const own = since === undefined ? [] : await of({ since: Date.parse(since) / 1000 });
  return own.length > 0 ? own : of({});
}

/** As a message quotes them. */
export const quoted = (lines: string[]) => `Its last lines:\n  ${lines.slice(-quotedLines).join("\n  ") || "(none)"}`;

/** The engine's stream format: 8 bytes of header, with the length of the chunk in its last four. */
function withoutHeaders(raw: Buffer): string {
  const chunks: Buffer[] = [];
  for (let at = 0; at + 8 <= raw.length; at += 8 + raw.readUInt32BE(at + 4))
    chunks.push(raw.subarray(at + 8, at + 8 + raw.readUInt32BE(at + 4)));
  return Buffer.concat(chunks).toString("utf8");
}

/** What comes over a stream from a container, standard output and error together. */
export class Output {
  /** Resolves when nothing more comes, because the container has ended or the engine is gone. */
  readonly ended: Promise<void>;
  #text = "";

  /** @param stream of `attach` or of an exec, without a terminal */
  constructor(docker: Docker, stream: Duplex) {
    const both = new PassThrough();
    both.setEncoding("utf8");
    both.on("data", (chunk: string) => {
      this.#text = (this.#text + chunk).slice(-keptBytes);
    });
    docker.modem.demuxStream(stream, both, both);
    this.ended = new Promise((done) => {
      for (const event of ["end", "close", "error"]) stream.once(event, () => done());
    });
  }

  /** Everything, once the stream has ended, or what there is after so many milliseconds. */
  async text(milliseconds: number): Promise<string> {
    await Promise.race([this.ended, pause(milliseconds)]);
    return this.#text;
  }
}

/** Waits, without keeping the program alive. */
export const pause = (milliseconds: number): Promise<void> =>
  new Promise((done) => setTimeout(done, milliseconds).unref());
