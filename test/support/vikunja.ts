// A client of Vikunja's API for tests.
export class VikunjaClient {
  readonly api: string;
  token: string | undefined;

  /** @param api `http://localhost:8000/vikunja/api/v1` */
  constructor(api: string) {
    this.api = api;
  }

  ask(method: string, path: string, body?: unknown): Promise<Response> {
    const form = body instanceof FormData;
    return fetch(`${this.api}${path}`, {
      method,
      headers: {
        ...(body !== undefined && !form && { "content-type": "application/json" }),
        ...(this.token && { authorization: `Bearer ${this.token}` }),
      },
      ...(body !== undefined && { body: form ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout(60_000),
    });
  }

  async must<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.ask(method, path, body);
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  /** @returns the status; with 200 the token is kept for further calls */
  async login(username: string, password: string): Promise<number> {
    const answer = await this.ask("POST", "/login", { username, password });
    if (answer.status === 200) this.token = ((await answer.json()) as { token: string }).token;
    return answer.status;
  }

  async project(title: string): Promise<number> {
    return (await this.must<{ id: number }>("PUT", "/projects", { title })).id;
  }

  async task(project: number, title: string): Promise<number> {
    return (await this.must<{ id: number }>("PUT", `/projects/${project}/tasks`, { title })).id;
  }

  async attach(task: number, content: Uint8Array<ArrayBuffer>): Promise<number> {
    const form = new FormData();
    form.append("files", new Blob([content]), "file.bin");
    const { success } = await this.must<{ success: { id: number }[] }>("PUT", `/tasks/${task}/attachments`, form);
    return success[0]?.id as number;
  }

  async attached(task: number, attachment: number): Promise<Buffer> {
    const answer = await this.ask("GET", `/tasks/${task}/attachments/${attachment}`);
    return Buffer.from(await answer.arrayBuffer());
  }
}
