// Vikunja's API, as its tasks speak it: https://vikunja.io/docs/api-documentation
import { setTimeout as sleep } from "node:timers/promises";
import type { Answer, Http } from "../definition/task.ts";

/** Where Vikunja listens in its container. */
export const port = 3456;

/** Vikunja's own code of an error; undefined when the answer has none. */
export function errorCode({ body }: Answer): number | undefined {
  try {
    return (JSON.parse(body) as { code?: number }).code;
  } catch {
    return undefined;
  }
}

/** @param what was asked for, in words */
export const refusal = ({ status, body }: Answer, what: string) =>
  new Error(`Vikunja answers ${status} to ${what}: ${body.slice(0, 300)}`);

/** How long a process may take to answer for the first time, milliseconds. */
const answersWithinMs = 60_000;
const pollMs = 100;

/** @param what the process is for, in words */
export async function untilItAnswers(http: Http, what: string): Promise<void> {
  let said = "nothing";
  for (const deadline = Date.now() + answersWithinMs; Date.now() < deadline; await sleep(pollMs)) {
    try {
      const { status } = await http.ask("GET", "/api/v1/info");
      if (status === 200) return;
      said = `${status}`;
    } catch {
      // It does not listen yet.
    }
  }
  throw new Error(`the process of Vikunja that ${what} answers ${said} after ${answersWithinMs / 1000} s`);
}

/** More pages than a list here can have. */
const mostPages = 10_000;

/** Asks as one user, for the ten minutes that a login lasts. */
export class Session {
  readonly #http: Http;
  readonly #token: string;

  constructor(http: Http, token: string) {
    this.#http = http;
    this.#token = token;
  }

  /** Undefined when name and password do not open anything. */
  static async logIn(http: Http, username: string, password: string): Promise<Session | undefined> {
    const answer = await http.ask("POST", "/api/v1/login", { username, password });
    if (answer.status === 200) return new Session(http, (JSON.parse(answer.body) as { token: string }).token);
    if (answer.status === 403 || answer.status === 412) return undefined;
    throw refusal(answer, `the login of ${username}`);
  }

  ask(method: string, path: string, body?: object): Promise<Answer> {
    return this.#http.ask(method, path, body, { Authorization: `Bearer ${this.#token}` });
  }

  /** @throws Error for an answer that is no success */
  async must<T>(method: string, path: string, body?: object): Promise<T> {
    const answer = await this.ask(method, path, body);
    if (![200, 201].includes(answer.status)) throw refusal(answer, `${method} ${path}`);
    return JSON.parse(answer.body) as T;
  }

  /** Everything in a list that comes in pages. @param items of one page's answer */
  async all<T>(path: string, items = (answer: unknown) => answer as T[] | null): Promise<T[]> {
    const found: T[] = [];
    for (let page = 1; page <= mostPages; page++) {
      const more = items(await this.must("GET", `${path}${path.includes("?") ? "&" : "?"}page=${page}`));
      if (!more || more.length === 0) break;
      found.push(...more);
    }
    return found;
  }
}
