// A registry in the test's own process: one image, a login, and a limit when the test says so.
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import { architecture } from "../../airgap/images/lib/archive.ts";

const digest = (content: Buffer) => `sha256:${createHash("sha256").update(content).digest("hex")}`;
const types = {
  manifest: "application/vnd.docker.distribution.manifest.v2+json",
  config: "application/vnd.docker.container.image.v1+json",
  layer: "application/vnd.docker.image.rootfs.diff.tar.gzip",
};

/** Docker Hub's words to whom has pulled too much. */
export const limitWords = "You have reached your unauthenticated pull rate limit.";

export class Registry {
  /** Refuses everybody with 429. */
  limited = false;
  readonly #login: string;
  readonly #blobs = new Map<string, { type: string; content: Buffer }>();
  readonly #manifest: string;
  readonly #server = createServer((request, response) => this.#answer(request, response));

  private constructor(login: string, layer: Buffer) {
    this.#login = `Basic ${Buffer.from(login).toString("base64")}`;
    const config = Buffer.from(
      JSON.stringify({
        architecture,
        os: "linux",
        config: {},
        rootfs: { type: "layers", diff_ids: [digest(layer)] },
      }),
    );
    const parts = [
      { mediaType: types.config, content: config },
      { mediaType: types.layer, content: gzipSync(layer) },
    ].map(({ mediaType, content }) => {
      this.#blobs.set(digest(content), { type: mediaType, content });
      return { mediaType, size: content.length, digest: digest(content) };
    });
    const content = Buffer.from(
      JSON.stringify({ schemaVersion: 2, mediaType: types.manifest, config: parts[0], layers: [parts[1]] }),
    );
    this.#manifest = digest(content);
    this.#blobs.set(this.#manifest, { type: types.manifest, content });
  }

  /** @param login `user:password` that it wants of everybody */
  static async start(login: string): Promise<Registry> {
    const tar = pack();
    tar.entry({ name: "hello" }, "hello\n");
    tar.finalize();
    const registry = new Registry(login, await buffer(tar));
    registry.#server.listen(0, "127.0.0.1");
    await once(registry.#server, "listening");
    return registry;
  }

  /** `127.0.0.1:12345`, which an engine in the same network namespace speaks plain HTTP to. */
  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The reference of its image, by digest. */
  get image(): string {
    return `${this.address}/test/image:1@${this.#manifest}`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #answer({ url = "", headers }: IncomingMessage, response: ServerResponse): void {
    const { status, type, content } = this.#found(url, headers.authorization);
    response.writeHead(status, {
      "content-type": type,
      "content-length": content.length,
      "docker-content-digest": digest(content),
      "www-authenticate": 'Basic realm="test"',
    });
    response.end(content);
  }

  #found(url: string, login: string | undefined): { status: number; type: string; content: Buffer } {
    const refusal = (status: number, code: string, message: string) => ({
      status,
      type: "application/json",
      content: Buffer.from(JSON.stringify({ errors: [{ code, message }] })),
    });
    if (login !== this.#login) return refusal(401, "UNAUTHORIZED", "authentication required");
    if (url === "/v2/") return { status: 200, type: "application/json", content: Buffer.from("{}") };
    if (this.limited) return refusal(429, "TOOMANYREQUESTS", limitWords);
    const name = url.split("/").at(-1) ?? "";
    const blob = this.#blobs.get(name === "1" ? this.#manifest : name);
    return blob ? { status: 200, ...blob } : refusal(404, "NOT_FOUND", "not found");
  }
}
