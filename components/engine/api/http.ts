// HTTP to a service inside its container, over the standard input and output of `nc` there: Node speaks the protocol.
import http from "node:http";
import type { Duplex } from "node:stream";
import type { Answer, Http } from "../../definition/task.ts";

/** How long one answer may take, milliseconds. */
const answerWithinMs = 20_000;

/** What Node's client calls of a socket that other streams do not have. */
const socketMethods = Object.fromEntries(
  ["setKeepAlive", "setNoDelay", "setTimeout", "ref", "unref"].map((name) => [
    name,
    function self(this: unknown) {
      return this;
    },
  ]),
);

/** One connection at a time, kept as long as the other side keeps it. */
class Agent extends http.Agent {
  readonly #connect: () => Promise<Duplex>;

  constructor(connect: () => Promise<Duplex>) {
    super({ keepAlive: true, maxSockets: 1 });
    this.#connect = connect;
  }

  override createConnection(_options: object, done?: (error: Error | null, stream: Duplex) => void): undefined {
    this.#connect().then(
      (stream) => {
        // The request that is under way is told of it; without one, nobody is concerned.
        stream.on("error", () => undefined);
        done?.(null, Object.assign(stream, socketMethods));
      },
      (error: Error) => done?.(error, undefined as unknown as Duplex),
    );
  }
}

/** A client over connections that somebody else makes. */
export class ThroughClient implements Http {
  readonly #agent: Agent;
  readonly #host: string;

  /** @param host as the request names it, such as `127.0.0.1:8500` */
  constructor(host: string, connect: () => Promise<Duplex>) {
    this.#host = host;
    this.#agent = new Agent(connect);
  }

  ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((done, failed) => {
      const request = http.request({
        agent: this.#agent,
        method,
        path,
        headers: {
          Host: this.#host,
          ...(text !== undefined && { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(text) }),
          ...headers,
        },
      });
      const timer = setTimeout(
        () => request.destroy(new Error(`no answer within ${answerWithinMs / 1000} s`)),
        answerWithinMs,
      );
      // More than one may come; only the first counts.
      request.on("error", (error) => {
        clearTimeout(timer);
        failed(error);
      });
      request.once("response", async (response) => {
        try {
          const chunks: Buffer[] = [];
          for await (const chunk of response) chunks.push(chunk as Buffer);
          done({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8") });
        } catch (error) {
          failed(error as Error);
        } finally {
          clearTimeout(timer);
        }
      });
      request.end(text);
    });
  }

  /** Ends the connection. */
  close(): void {
    this.#agent.destroy();
  }
}
