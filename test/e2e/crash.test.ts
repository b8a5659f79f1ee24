// Crashes under load: while somebody writes to every service, each container is killed, and then the engine. What was
// acknowledged is there afterwards, and everything is healthy again without a hand.
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { askConsul } from "../support/consul.ts";
import { exposure, killService } from "../support/data.ts";
import { eventually } from "../support/neighbour.ts";
import { QdrantClient } from "../support/qdrant.ts";
import { containerSuffix, serviceNames } from "../support/services.ts";
import { TestStack } from "../support/stack.ts";
import { endOwnEngine, ownNamespace, startOwnEngine } from "../support/test-engine.ts";
import { VikunjaClient } from "../support/vikunja.ts";

const base = 18660;
let stack: TestStack;
let writers: Writer[];

/** Writes numbers until it is told to stop; `acknowledged` are those that the service said it has. */
interface Writer {
  name: string;
  acknowledged: number[];
  stop(): Promise<void>;
  /** Which of the numbers are there. */
  stored(): Promise<Set<number>>;
}

function writer(name: string, write: (number: number) => Promise<void>, stored: () => Promise<Set<number>>): Writer {
  const acknowledged: number[] = [];
  let writing = true;
  const done = (async () => {
    for (let number = 1; writing; number++) {
      const late = sleep(5000).then(() => Promise.reject(new Error("no answer")));
      late.catch(() => undefined);
      await Promise.race([write(number), late]).then(
        () => acknowledged.push(number),
        () => sleep(100),
      );
    }
  })();
  return {
    name,
    acknowledged,
    stored,
    stop: async () => {
      writing = false;
      await done;
    },
  };
}

function startWriters(outputs: Record<string, string>): Writer[] {
  const redis = new Redis({
    host: "127.0.0.1",
    port: base + 1,
    password: outputs.redisPassword as string,
    // A write that the connection lost is not sent again behind the writer's back.
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    retryStrategy: () => 200,
  });
  redis.on("error", () => undefined);
  const qdrant = new QdrantClient(`http://127.0.0.1:${base + 3}`, outputs.qdrantKey);
  const consul = (path: string, method: string, body?: string) =>
    askConsul(`http://127.0.0.1:${base + 2}`, outputs.consulManagementToken, path, method, body);
  const vikunja = new VikunjaClient(`http://127.0.0.1:${base}/vikunja/api/v1`);
  let project = 0;
  const loggedIn = async () => {
    if ((await vikunja.ask("GET", "/user")).status === 401)
      if ((await vikunja.login(outputs.vikunjaUser as string, outputs.vikunjaPassword as string)) !== 200)
        throw new Error("not logged in");
    project ||= await vikunja.project("Crashes");
  };
  return [
    writer(
      "redis",
      async (number) => void (await redis.set(`crash:${number}`, "x")),
      async () => new Set((await redis.keys("crash:*")).map((key) => Number(key.slice(6)))),
    ),
    writer(
      "qdrant",
      (number) => qdrant.fill("crash", number, number + 1),
      async () => {
        const { points } = await qdrant.must<{ points: { id: number }[] }>("POST", "/collections/crash/points/scroll", {
          limit: 100_000,
          with_payload: false,
        });
        return new Set(points.map(({ id }) => id));
      },
    ),
    writer(
      "consul",
      async (number) => {
        const answer = await consul(`/v1/kv/crash/${number}`, "PUT", "x");
        if ((await answer.text()).trim() !== "true") throw new Error(`${answer.status}`);
      },
      async () =>
        new Set(
          ((await (await consul("/v1/kv/crash/?keys", "GET")).json()) as string[]).map((key) => Number(key.slice(6))),
        ),
    ),
    writer(
      "vikunja",
      async (number) => {
        await loggedIn();
        await vikunja.task(project, `${number}`);
      },
      async () => {
        await loggedIn();
        const found = new Set<number>();
        for (let page = 1; ; page++) {
          const tasks = await vikunja.must<{ title: string }[]>("GET", `/projects/${project}/tasks?page=${page}`);
          for (const { title } of tasks) found.add(Number(title));
          if (tasks.length < 50) return found;
        }
      },
    ),
  ];
}

/** Everybody has written some more since now. */
async function written(more = 5): Promise<void> {
  const before = writers.map(({ acknowledged }) => acknowledged.length);
  await eventually(
    120,
    async () =>
      writers.map(({ name, acknowledged }, index) => ({ name, since: acknowledged.length - (before[index] ?? 0) })),
    (all) => all.every(({ since }) => since >= more),
  );
}

beforeAll(async () => {
  stack = await TestStack.create("e2e-crash", { exposure: exposure(base) });
  await stack.mustUp();
  const outputs = (await stack.outputs()) as Record<string, string>;
  await new QdrantClient(`http://127.0.0.1:${base + 3}`, outputs.qdrantKey).create("crash");
  writers = startWriters(outputs);
});
afterAll(async () => {
  for (const each of writers ?? []) await each.stop();
  await stack?.close();
});

describe("under writes to every service", () => {
  it.each(serviceNames)("kill -9 of %s is survived by all", async (name) => {
    await written();
    await killService(stack.container(containerSuffix(name)));
    await sleep(500);
    await stack.answers();
    await written();
  });

  it.skipIf(!ownNamespace)("kill -9 of the engine is survived by all", async () => {
    await written();
    await endOwnEngine("SIGKILL", "SIGKILL");
    await startOwnEngine();
    await stack.answers();
    await written();
  });

  it("nothing that was acknowledged is lost", async () => {
    for (const each of writers) await each.stop();
    for (const { name, acknowledged, stored } of writers) {
      const found = await eventually(30, stored, () => true);
      const lost = acknowledged.filter((number) => !found.has(number));
      console.log(`${name}: ${acknowledged.length} acknowledged, ${lost.length} lost`);
      expect(lost, name).toEqual([]);
      expect(acknowledged.length, name).toBeGreaterThan(50);
    }
    const { exitCode, all } = await stack.up("--expect-no-changes");
    expect(exitCode, all).toBe(0);
  });
});
