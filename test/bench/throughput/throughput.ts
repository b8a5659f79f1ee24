// How fast services answer through their published ports, beside plain containers of the same images.
import { eventually } from "../../support/neighbour.ts";
import { QdrantClient } from "../../support/qdrant.ts";
import { Pairs } from "../measure.ts";
import { must, type Subject } from "../part.ts";
import type { Found } from "../report/figures.ts";
import type { GoalName } from "../report/goals.ts";
import { httpClient, redisClient, searchClient } from "./clients.ts";
import { type Client, latency, rate } from "./load.ts";
import { PlainContainers, portOffset } from "./plain.ts";

const collection = "bench";
const vectors = 1000;
const connections = 8;
const warmSeconds = 0.5;
const latencySeconds = 1;
const rateSeconds = 2;

/** Outputs of the stack: addresses are known, keys are not. */
type Outputs = Record<string, unknown>;

interface Service {
  rate: GoalName;
  latency: GoalName;
  /** @param offset added to every port @param alone asks one thing at a time */
  client(outputs: Outputs, offset: number, alone: boolean): Promise<Client>;
}

const services: Service[] = [
  {
    rate: "redisRate",
    latency: "redisLatency",
    client: ({ redisPassword }, offset, alone) => redisClient(6379 + offset, `${redisPassword}`, alone ? 0 : 10),
  },
  {
    rate: "qdrantRate",
    latency: "qdrantLatency",
    client: async ({ qdrantKey }, offset) => searchClient(6333 + offset, `${qdrantKey}`, collection),
  },
  {
    rate: "caddyRate",
    latency: "caddyLatency",
    client: async (_, offset) => httpClient(8000 + offset, { path: "/" }),
  },
  {
    rate: "vikunjaRate",
    latency: "vikunjaLatency",
    client: async (_, offset) => httpClient(8000 + offset, { path: "/vikunja/api/v1/info" }),
  },
];

/** Leaves the stack up. */
export async function throughput({ stack, rounds, keep }: Subject): Promise<Found> {
  await stack.mustUp();
  const before = await stack.outputs();
  await fill(new QdrantClient("http://127.0.0.1:6333", `${before.qdrantKey}`));
  const plain = await PlainContainers.of(stack);
  must(await stack.xnai(["destroy", "--yes"]));
  const pairs = new Pairs();
  try {
    await plain.start();
    await stack.mustUp();
    const sides = {
      ours: { outputs: await stack.outputs(), offset: 0 },
      peer: { outputs: before, offset: portOffset },
    };
    for (const service of services)
      for (const { outputs, offset } of Object.values(sides)) await warm(service, outputs, offset);
    for (let round = 0; round < rounds; round++) {
      for (const service of services)
        for (const side of round % 2 === 0 ? (["ours", "peer"] as const) : (["peer", "ours"] as const))
          await measure(service, sides[side].outputs, sides[side].offset, (goal, figure) =>
            pairs.add(goal, side, figure),
          );
      keep({ compared: pairs.compared });
    }
  } finally {
    await plain.remove();
  }
  return { compared: pairs.compared };
}

async function fill(qdrant: QdrantClient): Promise<void> {
  await qdrant.create(collection);
  await qdrant.fill(collection, 0, vectors);
}

/**
 * Waits until it answers, then asks in both ways for a while: for the caches of the service, and for the compiler of this
 * process, which would otherwise slow whoever comes first.
 */
async function warm(service: Service, outputs: Outputs, offset: number): Promise<void> {
  const alone = await eventually(
    60,
    () => answering(service, outputs, offset),
    () => true,
  );
  await rate([alone], warmSeconds);
  await alone.close();
  const clients = await together(service, outputs, offset);
  await rate(clients, warmSeconds);
  for (const client of clients) await client.close();
}

const together = (service: Service, outputs: Outputs, offset: number) =>
  Promise.all(Array.from({ length: connections }, () => service.client(outputs, offset, false)));

async function answering(service: Service, outputs: Outputs, offset: number): Promise<Client> {
  const client = await service.client(outputs, offset, true);
  await client.ask();
  return client;
}

async function measure(
  service: Service,
  outputs: Outputs,
  offset: number,
  found: (goal: GoalName, figure: number) => void,
): Promise<void> {
  const alone = await service.client(outputs, offset, true);
  found(service.latency, await latency(alone, latencySeconds));
  await alone.close();
  const clients = await together(service, outputs, offset);
  found(service.rate, await rate(clients, rateSeconds));
  for (const client of clients) await client.close();
}
