// Qdrant's gRPC, spoken over HTTP/2 with a server that keeps one collection in memory: no stand-in has it.
import { createServer, type Http2Server } from "node:http2";
import type { AddressInfo } from "node:net";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Bus } from "../../../ops/smoke/step.ts";
import { qdrantSteps } from "../../../ops/smoke/steps/qdrant.ts";

const client = import.meta.resolve("@qdrant/js-client-grpc");
const service = async (name: string) =>
  import(/* @vite-ignore */ new URL(`./proto/${name}_service_pb.js`, client).href);
const { Collections } = await service("collections");
const { Points } = await service("points");

/** As much of a request as is looked at here. */
interface Request {
  collectionName: string;
  points: Point[] & { pointsSelectorOneOf: { value: { ids: Point["id"][] } } };
  query: { variant: { value: { variant: { value: { data: number[] } } } } };
}

interface Point {
  id: { pointIdOptions: { value: bigint } };
  vectors: { vectorsOptions: { value: { vector: { value: { data: number[] } } } } };
}

let server: Http2Server;
let keys: (string | null)[];
let collections: Map<string, Point[]>;
let loses = false;

const stored = (name: string) => collections.get(name) ?? [];

function cosine(vector: number[], point: Point): number {
  const other = point.vectors.vectorsOptions.value.vector.value.data;
  return vector.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0) / Math.hypot(...other);
}

beforeEach(async () => {
  [keys, collections, loses] = [[], new Map(), false];
  server = createServer(
    connectNodeAdapter({
      interceptors: [
        (next) => (request) => {
          keys.push(request.header.get("api-key"));
          return next(request);
        },
      ],
      routes: (router) => {
        router.service(Collections, {
          create: ({ collectionName }: Request) => {
            collections.set(collectionName, []);
            return { result: true };
          },
          delete: ({ collectionName }: Request) => ({ result: collections.delete(collectionName) }),
        } as object);
        router.service(Points, {
          upsert: ({ collectionName, points }: Request) => {
            collections.get(collectionName)?.push(...points);
            return {};
          },
          query: ({ collectionName, query }: Request) => {
            const vector = query.variant.value.variant.value.data;
            const [first] = stored(collectionName).toSorted((a, b) => cosine(vector, b) - cosine(vector, a));
            return { result: first ? [{ id: first.id }] : [] };
          },
          delete: ({ collectionName, points }: Request) => {
            const gone = points.pointsSelectorOneOf.value.ids.map((id) => id.pointIdOptions.value);
            const left = stored(collectionName).filter((each) => !gone.includes(each.id.pointIdOptions.value));
            if (!loses) collections.set(collectionName, left);
            return {};
          },
        } as object);
      },
    }),
  );
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
});
afterEach(() => void server.close());

/** Runs the step, and what it wants undone. */
async function run(more: Partial<Bus> = {}): Promise<unknown> {
  const undos: (() => Promise<unknown>)[] = [];
  const bus = {
    name: "xnai-smoke-x",
    qdrantKey: "the key",
    at: () => ({ host: "127.0.0.1", port: (server.address() as AddressInfo).port }),
    isStandIn: () => false,
    undo: (_: string, work: () => Promise<unknown>) => undos.push(work),
    ...more,
  } as unknown as Bus;
  try {
    return await qdrantSteps[1]?.run(bus);
  } finally {
    for (const undo of undos) await undo();
  }
}

it("writes, finds and deletes with the key, and leaves no collection", async () => {
  await run();
  expect(new Set(keys)).toEqual(new Set(["the key"]));
  expect(keys.length).toBeGreaterThan(5);
  expect([...collections.keys()]).toEqual([]);
});

it("sees a point that was not deleted", async () => {
  loses = true;
  await expect(run()).rejects.toThrow("a deleted point was found");
});

it("fails where nobody listens, without showing the key", async () => {
  const error = await run({ at: () => ({ host: "127.0.0.1", port: 9 }) }).catch((caught: Error) => caught);
  expect(String(error)).toContain("ECONNREFUSED");
  expect(String(error)).not.toContain("the key");
});

it("is not run against a stand-in, which has no gRPC", async () => {
  await expect(run({ isStandIn: () => true })).rejects.toThrow("the stand-in of Qdrant speaks no gRPC");
  expect(keys).toEqual([]);
});
