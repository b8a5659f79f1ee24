// The bus itself: what agents keep in Redis, and how they talk through it.
import type { Redis } from "ioredis";
import { type Bus, expectThat, NotRun, type Step, until } from "../step.ts";

/** Whatever is left of a run that was killed goes by itself after this time, seconds. */
export const keepSeconds = 600;

const step = (title: string, run: Step["run"]): Step => ({ service: "redis", title, doors: ["redis.port"], run });

/** A key of this run, which is removed when the step ends. */
export function ownKey(bus: Bus, what: string): string {
  const key = `${bus.name}:${what}`;
  // By then it may be another connection: the first one is gone after a restart.
  bus.undo(`Redis key ${key}`, async () => (await bus.redis()).del(key));
  return key;
}

const state = { task: "smoke", step: "2", note: "Grüße 🚌" };

export const redisSteps: Step[] = [
  step("agent state is saved, loaded and expires", async (bus) => {
    const redis = await bus.redis();
    const key = ownKey(bus, "state");
    await redis.multi().hset(key, state).expire(key, keepSeconds).exec();
    const loaded = await redis.hgetall(key);
    expectThat(JSON.stringify(loaded) === JSON.stringify(state), "what was loaded is not what was saved");
    const brief = ownKey(bus, "brief");
    await redis.set(brief, "x", "PX", 200);
    await until(
      bus,
      "expired",
      10,
      () => redis.exists(brief),
      (there) => there === 0,
    );
    return undefined;
  }),

  step("a stream hands each message to one of a group, until it is acknowledged", async (bus) => {
    const redis = await bus.redis();
    const key = ownKey(bus, "stream");
    await redis.xgroup("CREATE", key, "workers", "$", "MKSTREAM");
    await redis.expire(key, keepSeconds);
    await redis.xadd(key, "*", "task", "one");
    await redis.xadd(key, "*", "task", "two");
    const [first, second] = [await readOne(redis, key, "a"), await readOne(redis, key, "b")];
    expectThat(first?.task === "one" && second?.task === "two", "the two messages did not come once each, in order");
    expectThat((await readOne(redis, key, "a", 1)) === undefined, "a message came twice");
    expectThat((await pending(redis, key)) === 2, "messages do not wait to be acknowledged");
    await redis.xack(key, "workers", first?.id as string, second?.id as string);
    expectThat((await pending(redis, key)) === 0, "acknowledged messages still wait");
    return undefined;
  }),

  step("what is published reaches who has subscribed", async (bus) => {
    const redis = await bus.redis();
    const listener = await bus.redis(true);
    const channel = `${bus.name}:channel`;
    const heard: string[] = [];
    listener.on("message", (_, text) => heard.push(text));
    await listener.subscribe(channel);
    const receivers = await redis.publish(channel, "hello");
    expectThat(receivers === 1, `${receivers} subscribers instead of 1`);
    await until(
      bus,
      "heard",
      10,
      async () => heard,
      ([text]) => text === "hello",
    );
    await listener.unsubscribe(channel);
    return undefined;
  }),
];

/** Only asked for by name: everybody's connection ends. */
export const restartStep: Step = step("agent state is there after Redis' restart", async (bus) => {
  const { persistence } = bus.config.redis;
  if (persistence === "none") throw new NotRun("redis.persistence is none: nothing is kept over a restart");
  const redis = await bus.redis();
  const key = ownKey(bus, "kept");
  await redis.set(key, bus.name, "EX", keepSeconds);
  const before = await runId(redis);
  await bus.restart("redis");
  const after = await until(
    bus,
    "back",
    60,
    async () => bus.redis().catch(() => undefined),
    (again) => again !== undefined,
  );
  expectThat((await runId(after as Redis)) !== before, "Redis has not been restarted");
  expectThat((await after?.get(key)) === bus.name, "what was saved before the restart is gone");
  return undefined;
});

const runId = async (redis: Redis) => /^run_id:(\w+)/m.exec(await redis.info("server"))?.[1];

/** The next message for a consumer; undefined for none within the time. */
export async function readOne(redis: Redis, key: string, consumer: string, withinMs = 5000) {
  const answer = (await redis.xreadgroup(
    ...(["GROUP", "workers", consumer, "COUNT", 1, "BLOCK", withinMs, "STREAMS", key, ">"] as const),
  )) as [string, [string, string[]][]][] | null;
  const [id, fields] = answer?.[0]?.[1]?.[0] ?? [];
  return id === undefined || !fields ? undefined : { id, task: fields[1] as string };
}

/** How many messages wait to be acknowledged. */
export const pending = async (redis: Redis, key: string): Promise<number> =>
  ((await redis.xpending(key, "workers")) as [number])[0];
