// The part of GitHub's API that comments on pull requests, as GitHub, Forgejo and Gitea have it: in pages, whose next one stands
// in the header `link`.
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A comment as it is kept. */
export interface KeptComment {
  id: number;
  body: string;
  user: { type?: string; login: string };
}

/** A request that came in. */
export interface Request {
  method: string;
  url: string;
}

/** Answers on loopback until it is closed. */
export class Forge {
  readonly requests: Request[] = [];
  comments: KeptComment[] = [];
  pulls: { number: number; head: { sha: string } }[] = [];
  /** Whether the token may only read, as that of a pull request from a fork. */
  readOnly = false;
  /** Whose comments the token makes. */
  account: KeptComment["user"] = { type: "Bot", login: "github-actions[bot]" };
  /** Elements of a page, whatever is asked for. */
  pageSize = 100;
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      let text = "";
      request.on("data", (part) => {
        text += part;
      });
      request.on("end", () => {
        const { status, answer, link } = this.#answer(request, text);
        if (link) response.setHeader("link", link);
        response.setHeader("content-type", "application/json");
        response.writeHead(status).end(answer === undefined ? "" : JSON.stringify(answer));
      });
    });
  }

  async listen(): Promise<void> {
    await new Promise<void>((done) => this.#server.listen(0, "127.0.0.1", done));
  }

  close(): void {
    this.#server.close();
  }

  get api(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  #answer(request: IncomingMessage, text: string): { status: number; answer?: unknown; link?: string } {
    const { method = "", url = "" } = request;
    this.requests.push({ method, url });
    if (request.headers.authorization !== "Bearer token")
      return { status: 401, answer: { message: "Bad credentials" } };
    if (method !== "GET" && this.readOnly)
      return { status: 403, answer: { message: "Resource not accessible by integration" } };
    const { pathname } = new URL(url, this.api);
    if (method === "GET" && pathname === "/repos/me/stack/pulls") return this.#page(url, this.pulls);
    const [, one] = /^\/repos\/me\/stack\/issues\/comments\/(\d+)$/.exec(pathname) ?? [];
    if (one !== undefined) return this.#change(method, Number(one), text);
    if (pathname !== "/repos/me/stack/issues/7/comments") return { status: 404, answer: { message: "Not Found" } };
    if (method === "GET") return this.#page(url, this.comments);
    const id = 1 + Math.max(0, ...this.comments.map((each) => each.id));
    this.comments.push({ id, body: JSON.parse(text).body, user: this.account });
    return { status: 201, answer: { id } };
  }

  #change(method: string, id: number, text: string): { status: number; answer?: unknown } {
    const found = this.comments.find((each) => each.id === id);
    if (!found) return { status: 404, answer: { message: "Not Found" } };
    if (method === "DELETE") {
      this.comments = this.comments.filter((each) => each !== found);
      return { status: 204 };
    }
    found.body = JSON.parse(text).body;
    return { status: 200, answer: found };
  }

  #page(url: string, list: unknown[]): { status: number; answer: unknown; link?: string } {
    const here = new URL(url, this.api);
    const size = Math.min(Number(here.searchParams.get("per_page") ?? 30), this.pageSize);
    const page = Number(here.searchParams.get("page") ?? 1);
    const answer = list.slice((page - 1) * size, page * size);
    if (page * size >= list.length) return { status: 200, answer };
    here.searchParams.set("page", `${page + 1}`);
    return { status: 200, answer, link: `<${here}>; rel="next", <${here}>; rel="last"` };
  }
}
