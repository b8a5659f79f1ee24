// A client of Qdrant's REST API for tests, with vectors that can be made again from their number.
export class QdrantClient {
  readonly url: string;
  readonly key: string | undefined;

  constructor(url: string, key?: string) {
    this.url = url;
    this.key = key;
  }

  ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${this.url}${path}`, {
      method,
      headers: {
        "content-type": "application/json",
        ...(this.key !== undefined && { "api-key": this.key }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }

  async must<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.ask(method, path, body);
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return ((await answer.json()) as { result: T }).result;
  }

  async create(name: string): Promise<void> {
    await this.must("PUT", `/collections/${name}`, { vectors: { size: dimensions, distance: "Dot" } });
  }

  /** Points from..to-1; returns when the server has acknowledged them. */
  async fill(name: string, from: number, to: number): Promise<void> {
    const points = Array.from({ length: to - from }, (_, index) => ({
      id: from + index,
      vector: vectorOf(from + index),
      payload: { number: from + index },
    }));
    await this.must("PUT", `/collections/${name}/points?wait=true`, { points });
  }

  async count(name: string): Promise<number> {
    return (await this.must<{ count: number }>("POST", `/collections/${name}/points/count`, { exact: true })).count;
  }

  /** Number of the point that is nearest to the vector of `number`. */
  async nearest(name: string, number: number): Promise<number | undefined> {
    const found = await this.must<{ id: number }[]>("POST", `/collections/${name}/points/search`, {
      vector: vectorOf(number),
      limit: 1,
      params: { exact: true },
    });
    return found[0]?.id;
  }
}

const dimensions = 16;

/** Of length 1 and unlike that of any other number. */
export function vectorOf(number: number): number[] {
  let state = (number + 1) * 2_654_435_761;
  const raw = Array.from({ length: dimensions }, () => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 374_761_393) >>> 0;
    return state / 2 ** 31 - 1;
  });
  const length = Math.hypot(...raw);
  return raw.map((value) => value / length);
}
