// HTTP to a service from this machine. Not fetch: it sends no Host but the address, and trusts no authority of ours.
import http from "node:http";
import https from "node:https";
import { exitCode, XnaiError } from "../../lib/errors.ts";

/** Where a service is, and as whom it is addressed. */
export interface Place {
  /** IP address: a name could lead to somebody else. */
  host: string;
  port: number;
  /** What the request asks for. @default host and port */
  name?: string;
  /** Certificate (PEM) of the authority that is trusted; undefined for HTTP without TLS. */
  authority?: string;
}

/** What came back, whatever its status. */
export interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string;
}

export interface Asking {
  /** Sent as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
}

/** How long one answer may take, milliseconds. */
const answersWithinMs = 20_000;

/** A client of one service; keeps its connection. */
export class HttpClient {
  readonly #title: string;
  readonly #place: Place;
  readonly #headers: Record<string, string>;
  readonly #agent: http.Agent;

  /**
   * @param title of the service, for messages
   * @param headers of every request
   */
  constructor(title: string, place: Place, headers: Record<string, string> = {}) {
    this.#title = title;
    this.#place = place;
    this.#headers = headers;
    const { Agent } = place.authority === undefined ? http : https;
    this.#agent = new Agent({ keepAlive: true });
  }

  /** @throws XnaiError (failed) when there is no answer */
  async ask(method: string, path: string, { body, headers = {} }: Asking = {}): Promise<Answer> {
    try {
      return await this.#ask(method, path, body === undefined ? undefined : JSON.stringify(body), headers);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      throw this.#failed(`does not answer at ${this.#place.host}:${this.#place.port} (${message || code})`, error);
    }
  }

  /** The body of an answer that is good. @throws XnaiError (failed) with the status and what the service says */
  async must<T>(method: string, path: string, asking: Asking = {}): Promise<T> {
    const { status, body } = await this.ask(method, path, asking);
    if (status >= 200 && status < 300) return (body === "" ? undefined : JSON.parse(body)) as T;
    throw this.refused(method, path, { status, body });
  }

  /** The error of an answer that is not good. */
  refused(method: string, path: string, { status, body }: Pick<Answer, "status" | "body">): XnaiError {
    return this.#failed(`answers ${status} to ${method} ${path.split("?")[0]}: ${body.trim().slice(0, 300)}`);
  }

  /** Ends its connections. */
  close(): void {
    this.#agent.destroy();
  }

  #failed(what: string, cause?: unknown): XnaiError {
    return new XnaiError(exitCode.failed, `${this.#title} ${what}`, "See how it is: npm run status", { cause });
  }

  #ask(method: string, path: string, body: string | undefined, headers: Record<string, string>): Promise<Answer> {
    const { host, port, name = `${host}:${port}`, authority } = this.#place;
    const { request } = authority === undefined ? http : https;
    const limit = AbortSignal.timeout(answersWithinMs);
    return new Promise((done, failed) => {
      const asked = request({
        agent: this.#agent,
        method,
        host,
        port,
        path,
        signal: limit,
        ...(authority !== undefined && { ca: authority, servername: name.replace(/:\d+$/, "") }),
        headers: {
          Host: name,
          ...(body !== undefined && { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) }),
          ...this.#headers,
          ...headers,
        },
      });
      const fail = (error: Error) =>
        failed(limit.aborted ? new Error(`nothing within ${answersWithinMs / 1000} s`) : error);
      asked.on("error", fail);
      asked.once("response", (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          text += chunk;
        });
        response.once("error", fail);
        response.once("end", () => done({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
      });
      asked.end(body);
    });
  }
}
