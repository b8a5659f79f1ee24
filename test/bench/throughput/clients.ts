// Clients of the services, each over one connection that stays open.
import { Agent, type RequestOptions, request } from "node:http";
import { Redis } from "ioredis";
import { vectorOf } from "../../support/qdrant.ts";
import type { Client } from "./load.ts";

const host = "127.0.0.1";

/** One request after the other; the answer must be a 200, and is read to its end. */
export function httpClient(port: number, options: RequestOptions, body?: string): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = () =>
    new Promise<number>((done, failed) => {
      const asking = request({ host, port, agent, ...options }, (answer) => {
        if (answer.statusCode !== 200) failed(new Error(`${options.path} answers ${answer.statusCode}`));
        answer
          .on("error", failed)
          .on("end", () => done(1))
          .resume();
      });
      asking.on("error", failed).end(body);
    });
  return { ask, close: async () => agent.destroy() };
}

/** Searches for the ten nearest in the collection. */
export function searchClient(port: number, key: string, collection: string): Client {
  const body = JSON.stringify({ vector: vectorOf(7), limit: 10 });
  const headers = { "api-key": key, "content-type": "application/json", "content-length": Buffer.byteLength(body) };
  return httpClient(port, { method: "POST", path: `/collections/${collection}/points/search`, headers }, body);
}

/** @param batch how many times SET and GET are sent before the first answer is waited for; 0: each waits for the one before */
export async function redisClient(port: number, password: string, batch: number): Promise<Client> {
  const redis = new Redis({ host, port, password, lazyConnect: true, retryStrategy: null });
  await redis.connect();
  const value = "x".repeat(100);
  async function askOnce(): Promise<number> {
    await redis.set("bench", value);
    await redis.get("bench");
    return 2;
  }
  async function askBatch(): Promise<number> {
    const pipeline = redis.pipeline();
    for (let at = 0; at < batch; at++) pipeline.set(`bench:${at}`, value).get(`bench:${at}`);
    const answers = await pipeline.exec();
    const [failed] = answers?.flatMap(([error]) => error ?? []) ?? [];
    if (failed) throw failed;
    return 2 * batch;
  }
  return { ask: batch === 0 ? askOnce : askBatch, close: async () => redis.disconnect() };
}
