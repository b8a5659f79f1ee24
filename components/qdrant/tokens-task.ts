// What Qdrant does for the apps that name their collections: these are made, and each token counts by a point in a collection of
// the stack's own.
import type { Client } from "../definition/clients.ts";
import { uuidFrom } from "../definition/secret.ts";
import type { Answer, HttpWork, ReadyWork, Talk } from "../definition/task.ts";
import type { AppCollection } from "./config.ts";
import { keySecret, tokenClients, tokenCollection, tokenId, tokenRole } from "./tokens.ts";

/** As much of a collection as is compared: https://api.qdrant.tech/api-reference/collections/get-collection */
interface Collection {
  result: { config: { params: { vectors: { size?: number; distance?: string } } } };
}

interface Points {
  result: { points: { id: string; payload: { app: string } }[] };
}

/** More than a stack can have apps. */
const mostTokens = 10_000;

/** The part of Qdrant's API that tells of collections, with the key that opens everything. */
class Api {
  readonly #talk: Pick<Talk, "http" | "secrets">;

  constructor(talk: Pick<Talk, "http" | "secrets">) {
    this.#talk = talk;
  }

  async must<T>(method: string, path: string, body?: object): Promise<T> {
    const answer = await this.#ask(method, path, body);
    if (answer.status !== 200) throw refusal(answer, method, path);
    return JSON.parse(answer.body) as T;
  }

  /** Undefined when there is none of that name. */
  async find(name: string): Promise<Collection | undefined> {
    const answer = await this.#ask("GET", name);
    if (answer.status === 404) return undefined;
    if (answer.status !== 200) throw refusal(answer, "GET", name);
    return JSON.parse(answer.body) as Collection;
  }

  /** @returns whether it was made; false when it is there, which another app may have been the first to need */
  async make(name: string, vectors: { size: number; distance: string }): Promise<boolean> {
    if (await this.find(name)) return false;
    const answer = await this.#ask("PUT", name, { vectors });
    if (answer.status !== 200 && answer.status !== 409) throw refusal(answer, "PUT", name);
    return answer.status === 200;
  }

  #ask(method: string, path: string, body?: object): Promise<Answer> {
    const { http, secrets } = this.#talk;
    return http.ask(method, `/collections/${path}`, body, { "api-key": secrets[keySecret] as string });
  }
}

const refusal = ({ status, body }: Answer, method: string, path: string) =>
  new Error(`Qdrant answers ${status} to ${method} /collections/${path}: ${body.slice(0, 300)}`);

async function keepCollection(
  api: Api,
  { app, name, size, distance }: AppCollection & { app: string; name: string },
  say: Talk["say"],
): Promise<void> {
  if (size === undefined) return;
  if (await api.make(name, { size, distance })) return say(`Qdrant: new collection ${name}, for ${app}`);
  const found = (await api.find(name))?.result.config.params.vectors;
  if (found?.size === size && found.distance === distance) return;
  throw new Error(
    `Qdrant's collection ${name} has vectors of ${found?.size} (${found?.distance}), and xnai:apps.${app}.qdrant.collections.${name} says ${size} (${distance}): write what is there, or name another collection`,
  );
}

/** How Qdrant is reached: its image has neither nc nor curl, but bash. */
const reached: Pick<HttpWork, "port" | "through"> = {
  port: 6333,
  through: (port) => ["bash", "-c", `exec 3<>/dev/tcp/127.0.0.1/${port}; cat <&3 & cat >&3; kill $!`],
};

/** Makes the collections of an app, and the point by which its token counts, in place of the one of before. */
export function givingToken(client: Client): HttpWork | undefined {
  const { name: app, secret } = client;
  const { collections } = client.app.qdrant ?? {};
  if (!collections) return undefined;
  return {
    ...reached,
    title: `giving ${app} its collections and its token`,
    secrets: () => [keySecret, secret(tokenRole)],
    wanted: () => Object.fromEntries(Object.entries(collections).map(([name, keys]) => [name, JSON.stringify(keys)])),
    run: async (talk) => {
      const api = new Api(talk);
      for (const [name, keys] of Object.entries(collections))
        await keepCollection(api, { app, name, ...keys }, talk.say);
      const payload = { app, token: tokenId(client, talk.secrets[secret(tokenRole)] as string) };
      const points = [{ id: uuidFrom(app), vector: [1], payload }];
      await api.must("PUT", `${tokenCollection}/points?wait=true`, { points });
    },
  };
}

/** Makes the collection of tokens with the first that counts, and ends those of apps that are gone, or name no collections any more. */
export const tokensInUse: ReadyWork = {
  ...reached,
  secrets: () => [keySecret],
  wanted: (config) => {
    const names = tokenClients(config).map(({ name }) => name);
    return { ...(names.length > 0 && { tokens: names.join(", ") }) };
  },
  run: async ({ config, say, ...talk }) => {
    const api = new Api(talk);
    const known = tokenClients(config).map(({ name }) => name);
    if (known.length > 0) await api.make(tokenCollection, { size: 1, distance: "Dot" });
    else if (!(await api.find(tokenCollection))) return;
    const list = { limit: mostTokens, with_payload: true };
    const { result } = await api.must<Points>("POST", `${tokenCollection}/points/scroll`, list);
    const left = result.points.filter(({ payload }) => !known.includes(payload.app));
    if (left.length === 0) return;
    await api.must("POST", `${tokenCollection}/points/delete?wait=true`, { points: left.map(({ id }) => id) });
    for (const { payload } of left) say(`Qdrant: the token of ${payload.app} is no longer valid`);
  },
};
