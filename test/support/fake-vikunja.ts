// As much of Vikunja's API as the command uses, in memory and without Caddy in front, for tests without an engine.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

interface Item {
  id: number;
  title: string;
}
interface FakeTask extends Item {
  project: number;
  description: string;
  done: boolean;
  due_date?: string;
  labels: Item[] | null;
}

/** What a request is answered with. */
type Answer = [status: number, body?: unknown, headers?: Record<string, string>];

export class FakeVikunja {
  projects: Item[] = [];
  tasks: FakeTask[] = [];
  labels: Item[] = [];
  sessions = 0;
  /** `PUT /projects`, as they came. */
  requests: string[] = [];
  /** Asked before each request: an answer is given in place of the right one. */
  instead: (request: string, times: number) => Answer | undefined = () => undefined;
  readonly password = "a password of the first user";
  #token = 0;
  #ids = 0;
  readonly #server: Server = createServer((request, response) => void this.#serve(request, response));

  static async start(): Promise<FakeVikunja> {
    const fake = new FakeVikunja();
    await new Promise<void>((done) => fake.#server.listen(0, "127.0.0.1", done));
    return fake;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  /** The token that was given out last is no longer good. */
  expire(): void {
    this.#token += 1;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = "";
    for await (const chunk of request) text += chunk;
    const url = new URL(request.url ?? "/", "http://fake");
    const asked = `${request.method} ${url.pathname.replace("/vikunja/api/v1", "")}`;
    this.requests.push(asked);
    const times = this.requests.filter((each) => each === asked).length;
    const [status, body, headers] =
      this.instead(asked, times) ?? this.#answer(asked, request, url, text === "" ? {} : JSON.parse(text));
    response.writeHead(status, { "Content-Type": "application/json", ...headers });
    response.end(body === undefined ? "" : JSON.stringify(body));
  }

  #answer(asked: string, { headers }: IncomingMessage, url: URL, body: Record<string, never>): Answer {
    const cookie = { "Set-Cookie": "vikunja_refresh_token=renew; HttpOnly" };
    const token = () => ({ token: `jwt${this.#token}` });
    if (asked === "POST /login") {
      if (body.password !== this.password) return [403, { code: 1011, message: "Wrong username or password." }];
      this.sessions += 1;
      return [200, token(), cookie];
    }
    if (asked === "POST /user/token/refresh") return headers.cookie?.includes("renew") ? [200, token(), cookie] : [401];
    if (![`Bearer jwt${this.#token}`, "Bearer tk_00ff"].includes(headers.authorization ?? ""))
      return [401, { code: 11, message: "invalid token" }];
    if (asked === "POST /user/logout") {
      this.sessions -= 1;
      return [200, {}];
    }
    return this.#work(asked, url, body);
  }

  #work(asked: string, url: URL, body: Record<string, never>): Answer {
    const [, collection = "", id, below] = asked.split(" ")[1]?.split("/") ?? [];
    const number = Number(id);
    switch (`${asked.split(" ")[0]} ${[collection, id && "N", below].filter(Boolean).join("/")}`) {
      case "GET projects":
        return this.#page(
          this.projects.filter(({ title }) => title.includes(url.searchParams.get("s") ?? "")),
          url,
        );
      case "PUT projects":
        return [201, this.#add(this.projects, { ...body, id: 0, title: body.title ?? "" })];
      case "DELETE projects/N":
        this.projects = this.projects.filter((each) => each.id !== number);
        this.tasks = this.tasks.filter(({ project }) => project !== number);
        return [200, { message: "Successfully deleted." }];
      case "GET projects/N/tasks":
        return this.#page(
          this.tasks.filter(({ project }) => project === number),
          url,
        );
      case "PUT projects/N/tasks":
        return [
          201,
          this.#add(this.tasks, {
            description: "",
            done: false,
            ...body,
            id: 0,
            title: body.title ?? "",
            project: number,
            labels: null,
          }),
        ];
      case "GET tasks/N":
        return [200, this.tasks.find((each) => each.id === number)];
      case "POST tasks/N": {
        const task = this.tasks.find((each) => each.id === number) as FakeTask;
        // As the real one: what the body leaves out is emptied.
        return [200, Object.assign(task, { done: false, description: "", labels: null }, body)];
      }
      case "GET labels":
        return this.#page(this.labels, url);
      case "PUT labels":
        return [201, this.#add(this.labels, { id: 0, title: body.title ?? "" })];
      case "PUT tasks/N/labels": {
        const task = this.tasks.find((each) => each.id === number) as FakeTask;
        task.labels = [...(task.labels ?? []), this.labels.find((each) => each.id === body.label_id) as Item];
        return [201, body];
      }
      default:
        return [404, { message: "Not Found" }];
    }
  }

  #add<T extends Item>(to: T[], item: T): T {
    this.#ids += 1;
    const added = { ...item, id: this.#ids };
    to.push(added);
    return added;
  }

  #page(all: Item[], url: URL): Answer {
    const [page, size] = [Number(url.searchParams.get("page")), Number(url.searchParams.get("per_page"))];
    const pages = Math.ceil(all.length / size);
    // As the real one: nothing at all is null.
    const shown = all.length === 0 ? null : all.slice((page - 1) * size, page * size);
    return [200, shown, { "X-Pagination-Total-Pages": `${pages}` }];
  }
}
