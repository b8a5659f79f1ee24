// Vikunja's API through the front door, as far as lists of tasks go.
import { readFileSync } from "node:fs";
import { exitCode, XnaiError } from "../../lib/errors.ts";
import { type Answer, HttpClient, type Place } from "./http.ts";

/** As whom. */
export type Login = { username: string; password: string } | { token: string };

/** As much of Vikunja's projects, tasks and labels as is used here. https://vikunja.io/docs */
export interface Project {
  id: number;
  title: string;
}
export interface Label {
  id: number;
  title: string;
}
export interface Task {
  id: number;
  title: string;
  description: string;
  done: boolean;
  labels?: Label[] | null;
}

const api = "/vikunja/api/v1";
/** The most that Vikunja gives at once, unless it was set up otherwise. */
const pageSize = 50;

/** Made by `open`. */
export class Vikunja {
  readonly #http: HttpClient;
  readonly #login: Login;
  #bearer = "";
  /** With which Vikunja renews a token that has run out; "" for an API token. */
  #cookie = "";

  constructor(http: HttpClient, login: Login) {
    this.#http = http;
    this.#login = login;
  }

  /** Logs in. @throws XnaiError (failed) when Vikunja refuses, or does not answer */
  static async open(door: Place, login: Login): Promise<Vikunja> {
    const client = new Vikunja(new HttpClient("Vikunja", door), login);
    try {
      await client.#enter();
      return client;
    } catch (error) {
      client.#http.close();
      throw error;
    }
  }

  /** Ends the session: Vikunja would list it for days. */
  async close(): Promise<void> {
    if (!("token" in this.#login)) await this.#ask("POST", "/user/logout").catch(() => undefined);
    this.#http.close();
  }

  projects = (title: string): Promise<Project[]> => this.#pages(`/projects?s=${encodeURIComponent(title)}&`);

  createProject = (title: string): Promise<Project> => this.#must("PUT", "/projects", { title });

  /** Whatever is in it goes, too. */
  deleteProject = (project: number): Promise<unknown> => this.#must("DELETE", `/projects/${project}`);

  /** In the order in which they were made. */
  tasks = (project: number): Promise<Task[]> => this.#pages(`/projects/${project}/tasks?sort_by=id&order_by=asc&`);

  task = (id: number): Promise<Task> => this.#must("GET", `/tasks/${id}`);

  createTask = (project: number, task: Partial<Task> & { due_date?: string }): Promise<Task> =>
    this.#must("PUT", `/projects/${project}/tasks`, task);

  /** Changes some fields. What a request leaves out Vikunja may take for empty, so all of the task goes back. */
  async updateTask(id: number, changes: Partial<Task>): Promise<Task> {
    return this.#must("POST", `/tasks/${id}`, { ...(await this.task(id)), ...changes });
  }

  labels = (): Promise<Label[]> => this.#pages("/labels?");

  createLabel = (title: string): Promise<Label> => this.#must("PUT", "/labels", { title });

  addLabel = (task: number, label: number): Promise<unknown> =>
    this.#must("PUT", `/tasks/${task}/labels`, { label_id: label });

  async #enter(): Promise<void> {
    const login = this.#login;
    if ("token" in login) {
      this.#bearer = login.token;
      return;
    }
    const answer = await this.#http.ask("POST", `${api}/login`, { body: login });
    if (answer.status === 200) return this.#take(answer);
    if (answer.status === 403)
      throw new XnaiError(
        exitCode.failed,
        `Vikunja does not let ${login.username} in with the stack's password: it was changed there.`,
        "Make an API token in Vikunja (settings, API tokens), put it into a file that only you can read, and name that: --token-file FILE",
      );
    if (answer.status === 429)
      throw new XnaiError(
        exitCode.failed,
        "Vikunja has had too many logins from this machine within a minute.",
        "Wait for a minute, then run the same command again.",
      );
    throw this.#http.refused("POST", `${api}/login`, answer);
  }

  #take({ body, headers }: Answer): void {
    this.#bearer = (JSON.parse(body) as { token: string }).token;
    this.#cookie = headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
  }

  /** A token lives for ten minutes; a long import outlives it. */
  async #ask(method: string, path: string, body?: unknown): Promise<Answer> {
    const once = () =>
      this.#http.ask(method, `${api}${path}`, { body, headers: { Authorization: `Bearer ${this.#bearer}` } });
    const answer = await once();
    if (answer.status !== 401 || this.#cookie === "") return answer;
    const renewed = await this.#http.ask("POST", `${api}/user/token/refresh`, { headers: { Cookie: this.#cookie } });
    if (renewed.status !== 200) return answer;
    this.#take(renewed);
    return once();
  }

  async #must<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.#ask(method, path, body);
    if (answer.status >= 200 && answer.status < 300) return JSON.parse(answer.body) as T;
    throw this.#http.refused(method, `${api}${path}`, answer);
  }

  /** All pages of a list. @param path up to the parameters of the page */
  async #pages<T>(path: string): Promise<T[]> {
    const all: T[] = [];
    for (let page = 1; ; page++) {
      const answer = await this.#ask("GET", `${path}page=${page}&per_page=${pageSize}`);
      if (answer.status !== 200) throw this.#http.refused("GET", `${api}${path}`, answer);
      all.push(...((JSON.parse(answer.body) as T[] | null) ?? []));
      if (page >= Number(answer.headers["x-pagination-total-pages"] ?? 1)) return all;
    }
  }
}

/**
 * An API token from a file, for a user whose password the stack does not know.
 * @throws XnaiError (usage) when there is none in it
 */
export function tokenFrom(file: string): Login {
  let token: string;
  try {
    token = readFileSync(file, "utf8").trim();
  } catch (error) {
    throw new XnaiError(
      exitCode.usage,
      `${file} cannot be read: ${(error as Error).message}`,
      "Name a file that is there.",
    );
  }
  if (/^tk_[0-9a-f]+$/.test(token)) return { token };
  throw new XnaiError(
    exitCode.usage,
    `${file} holds no API token of Vikunja: it would begin with tk_.`,
    "Make one in Vikunja: settings, API tokens.",
  );
}
