// One task through all of it: it comes in at Vikunja, goes over the bus to an agent that Consul knows, which finds its context in
// Qdrant, and comes back done.
import type { Vikunja } from "../../clients/vikunja.ts";
import { tasksFromMarkdown } from "../../import/markdown.ts";
import { importTasks } from "../../import/run.ts";
import { type Bus, expectThat, type Step, until } from "../step.ts";
import { Agent } from "./consul.ts";
import { Collection, texts } from "./qdrant.ts";
import { keepSeconds, ownKey, pending, readOne } from "./redis.ts";
import { ownProject } from "./vikunja.ts";

const question = "what finds context?";

/** What the coordinator and the agent both know. */
interface Talk {
  bus: Bus;
  stream: string;
  channel: string;
  agent: Agent;
}

/** The coordinator: takes the open task and puts it on the bus, once there is somebody to work on it. */
async function dispatch({ bus, stream, agent }: Talk, vikunja: Vikunja, project: number): Promise<number> {
  const open = (await vikunja.tasks(project)).filter(({ done }) => !done);
  expectThat(open.length === 1, `Vikunja has ${open.length} open tasks instead of 1`);
  await agent.isSeen("passing");
  const id = open[0]?.id as number;
  await (await bus.redis()).xadd(stream, "*", "task", JSON.stringify({ id, title: open[0]?.title }));
  return id;
}

/** The agent: takes a task from the bus, finds its context, and tells what it has done. */
async function work({ bus, stream, channel, agent }: Talk, collection: Collection): Promise<void> {
  const redis = await bus.redis();
  const message = await readOne(redis, stream, agent.name);
  expectThat(message !== undefined, "the task did not come over the bus");
  const { id, title } = JSON.parse(message.task) as { id: number; title: string };
  const context = (await collection.nearest(title))?.payload.text;
  const state = ownKey(bus, "work");
  await redis
    .multi()
    .hset(state, { task: `${id}`, context: context ?? "" })
    .expire(state, keepSeconds)
    .exec();
  await redis.xack(stream, "workers", message.id);
  await redis.publish(channel, state);
}

async function run(bus: Bus): Promise<undefined> {
  const [redis, listener, vikunja] = [await bus.redis(), await bus.redis(true), await bus.vikunja()];
  const talk = {
    bus,
    stream: ownKey(bus, "tasks"),
    channel: `${bus.name}:done`,
    agent: new Agent(bus, `${bus.name}-worker`),
  };
  const collection = new Collection(bus, `${bus.name}-context`);
  await collection.fill();
  await redis.xgroup("CREATE", talk.stream, "workers", "$", "MKSTREAM");
  await redis.expire(talk.stream, keepSeconds);
  await talk.agent.register();
  await talk.agent.report("pass");
  const done: string[] = [];
  listener.on("message", (_, state) => done.push(state));
  await listener.subscribe(talk.channel);

  const { project } = await importTasks(vikunja, ownProject(bus, "flow"), tasksFromMarkdown(`- [ ] ${question}`).tasks);
  const id = await dispatch(talk, vikunja, project?.id as number);
  await work(talk, collection);

  const [state] = await until(
    bus,
    "told of by the agent",
    15,
    async () => done,
    ({ length }) => length > 0,
  );
  const { task, context = "" } = await redis.hgetall(state as string);
  expectThat(task === `${id}` && context === texts[1], `the agent came back with ${JSON.stringify({ task, context })}`);
  await vikunja.updateTask(id, { done: true, description: `<p>${context}</p>` });
  const back = await vikunja.task(id);
  expectThat(back.done && back.description.includes(context), "the task is not done in Vikunja");
  expectThat((await pending(redis, talk.stream)) === 0, "the task still waits on the bus");
}

export const flowSteps: Step[] = [
  {
    service: "bus",
    title: "a task comes in, is worked on with its context, and comes back done",
    needs: ["vikunja", "caddy", "redis", "consul", "qdrant"],
    doors: ["caddy.port", "redis.port", "consul.port", "qdrant.port"],
    run,
  },
];
