// Sockets on which something answers that may be a Docker engine, or not: for tests of how an engine is found. What an engine
// does when it has been found is in fake-engine.ts.
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";

/** What an engine of the oldest version that works says of itself. */
export const oldestVersion = { Version: "20.10.24", ApiVersion: "1.41", Components: [{ Name: "Engine" }] };

/** The socket's address in a directory. */
export const hostIn = (folder: string) => `unix://${join(folder, "docker.sock")}`;

/** Made at the top of a test file; what it started is stopped after each test. */
export class EngineSockets {
  readonly #running: Server[] = [];

  constructor() {
    afterEach(() => {
      for (const server of this.#running.splice(0)) {
        server.closeAllConnections();
        server.close();
      }
    });
  }

  /** A directory without a socket, on a path with a space. */
  folder(): string {
    return mkdtempSync(join(tmpdir(), "xnai engine "));
  }

  /** An engine that says this of itself; returns its address. @param at its socket. @default in a folder of its own */
  engine(version: object, info: object = {}, at?: string): Promise<string> {
    return this.answering((request, response) => {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(request.url?.endsWith("/version") ? version : info));
    }, at);
  }

  /** Anything that speaks HTTP; returns its address. */
  async answering(listener: RequestListener, at = join(this.folder(), "docker.sock")): Promise<string> {
    const server = createServer(listener);
    server.listen(at);
    await once(server, "listening");
    this.#running.push(server);
    return `unix://${at}`;
  }
}
