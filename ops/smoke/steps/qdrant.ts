// Context in Qdrant: written, found and deleted, over HTTP and over gRPC.
import { type Bus, expectThat, NotRun, type Step } from "../step.ts";

interface Found {
  id: number;
  payload: Record<string, string>;
}

/** What is looked for by its meaning, which here is its words. */
export const texts = ["the bus carries messages", "vectors find context", "tasks come and go"];

const dimensions = 32;

/** A vector that is near another when the texts share words. */
export function vectorOf(text: string): number[] {
  const vector = new Array<number>(dimensions).fill(0);
  for (const word of text.toLowerCase().match(/\p{L}+/gu) ?? []) {
    let hash = 7;
    for (const letter of word) hash = (Math.imul(hash, 31) + (letter.codePointAt(0) as number)) >>> 0;
    (vector[hash % dimensions] as number) += 1;
  }
  return vector;
}

/** A collection of this run with the texts in it, over HTTP. */
export class Collection {
  readonly #bus: Bus;
  readonly #path: string;

  constructor(bus: Bus, name: string) {
    this.#bus = bus;
    this.#path = `/collections/${name}`;
    bus.undo(`Qdrant collection ${name}`, () => bus.qdrant.must("DELETE", this.#path));
  }

  async fill(): Promise<void> {
    await this.#bus.qdrant.must("PUT", this.#path, { body: { vectors: { size: dimensions, distance: "Cosine" } } });
    const points = texts.map((text, id) => ({ id, vector: vectorOf(text), payload: { text } }));
    await this.#bus.qdrant.must("PUT", `${this.#path}/points?wait=true`, { body: { points } });
  }

  /** The nearest to a text; undefined in an empty collection. */
  async nearest(text: string): Promise<Found | undefined> {
    const body = { query: vectorOf(text), limit: 1, with_payload: true };
    const { result } = await this.#bus.qdrant.must<{ result: { points: Found[] } }>(
      "POST",
      `${this.#path}/points/query`,
      { body },
    );
    return result.points[0];
  }

  async remove(id: number): Promise<void> {
    await this.#bus.qdrant.must("POST", `${this.#path}/points/delete?wait=true`, { body: { points: [id] } });
  }
}

async function overHttp(bus: Bus): Promise<undefined> {
  const collection = new Collection(bus, `${bus.name}-http`);
  await collection.fill();
  const found = await collection.nearest("what finds context?");
  expectThat(found?.payload.text === texts[1], `the search found ${JSON.stringify(found?.payload)}`);
  await collection.remove(1);
  expectThat((await collection.nearest("what finds context?"))?.id !== 1, "a deleted point was found");
}

const dense = (data: number[]) => ({ vector: { case: "dense" as const, value: { data } } });

/** Milliseconds. */
const answersWithinMs = 20_000;

async function overGrpc(bus: Bus): Promise<undefined> {
  if (bus.isStandIn("qdrant")) throw new NotRun("the stand-in of Qdrant speaks no gRPC");
  const { Distance, QdrantClient } = await import("@qdrant/js-client-grpc");
  const { host, port } = bus.at("qdrant.grpcPort");
  // The key as a header: as `apiKey` the client would complain on standard error that there is no TLS on loopback.
  const headers = { "api-key": bus.qdrantKey };
  const url = `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
  const client = new QdrantClient({ url, headers, timeout: answersWithinMs, checkCompatibility: false });
  const [collections, points] = [client.api("collections"), client.api("points")];
  const collectionName = `${bus.name}-grpc`;
  bus.undo(`Qdrant collection ${collectionName}`, () => collections.delete({ collectionName }));
  const params = { size: BigInt(dimensions), distance: Distance.Cosine };
  await collections.create({ collectionName, vectorsConfig: { config: { case: "params", value: params } } });
  await points.upsert({
    collectionName,
    wait: true,
    points: texts.map((text, id) => ({
      id: { pointIdOptions: { case: "num" as const, value: BigInt(id) } },
      vectors: { vectorsOptions: { case: "vector" as const, value: dense(vectorOf(text)) } },
      payload: { text: { kind: { case: "stringValue" as const, value: text } } },
    })),
  });
  const nearest = async () => {
    const variant = { case: "nearest" as const, value: { variant: dense(vectorOf("what finds context?")).vector } };
    const { result } = await points.query({ collectionName, query: { variant }, limit: 1n });
    return result[0]?.id?.pointIdOptions.value;
  };
  const found = await nearest();
  expectThat(found === 1n, `the search found ${found}`);
  const ids = [{ pointIdOptions: { case: "num" as const, value: 1n } }];
  await points.delete({
    collectionName,
    wait: true,
    points: { pointsSelectorOneOf: { case: "points", value: { ids } } },
  });
  expectThat((await nearest()) !== 1n, "a deleted point was found");
}

export const qdrantSteps: Step[] = [
  {
    service: "qdrant",
    title: "vectors are written, found and deleted over HTTP",
    doors: ["qdrant.port"],
    run: overHttp,
  },
  { service: "qdrant", title: "the same over gRPC", doors: ["qdrant.grpcPort"], run: overGrpc },
];
