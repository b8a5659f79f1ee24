// What every user does with a stack, on the engine of this machine (test/support/engines/): `npm run test:engines -- NAME`.
import { afterAll, beforeAll, expect, test } from "vitest";
import { Lab } from "../e2e/standin-lab.ts";
import { engineNamed, engineVariable } from "../support/engines/catalogue.ts";
import { type Reached, reachedFrom } from "../support/engines/reach.ts";
import { type Resolver, startResolver } from "../support/engines/resolver.ts";
import { eventually, removeNeighbour, startNeighbour } from "../support/neighbour.ts";
import { type Outside, outsideWorld, worldAddress, worldAddress6 } from "../support/outside.ts";
import { QdrantClient } from "../support/qdrant.ts";
import { TestStack } from "../support/stack.ts";
import { moveFromDocker } from "./move-from-docker.ts";
import { type StepName, steps } from "./steps.ts";
import { useApp } from "./use-app.ts";
import { useDirectories } from "./use-directories.ts";

const engine = engineNamed(process.env[engineVariable] ?? "");
const points = 500;
let stack: TestStack;
let outside: Outside;
let resolver: Resolver;
let lab: Lab;

/** Without a stack there is nothing to try. */
let isUp = false;

function step(name: StepName, run: () => Promise<void>): void {
  const declare = engine.doesNotHold?.[name] === undefined ? test : test.fails;
  declare(steps[name], async ({ skip }) => {
    skip(name !== "up" && !isUp, "the first up failed");
    await run();
  });
}

beforeAll(async () => {
  resolver = await startResolver();
  outside = await outsideWorld({ routes: false });
  // Nobody says where the engine is: the command has to find it.
  stack = await TestStack.create("xnai", {}, { DOCKER_HOST: "" });
});
afterAll(async () => {
  await lab?.clean();
  await outside?.close();
  resolver?.close();
});

const qdrant = async () => new QdrantClient("http://127.0.0.1:6333", (await stack.outputs()).qdrantKey as string);

async function nothingToDo(...args: string[]): Promise<void> {
  const { exitCode, all } = await stack.xnai(args);
  expect(exitCode, all).toBe(0);
}

async function started(): Promise<Record<string, string>> {
  const all = await stack.docker.listContainers({ filters: { label: ["io.xnai.role=service"] } });
  const entries = all.map(async ({ Id, Names: [name = ""] }) => {
    const { State } = await stack.docker.getContainer(Id).inspect();
    return [name, State.StartedAt];
  });
  return Object.fromEntries(await Promise.all(entries)) as Record<string, string>;
}

step("up", async () => {
  const preview = await stack.xnai(["preview"]);
  expect(preview.exitCode, preview.all).toBe(0);
  // Docker with root may be one that nothing has to be written of.
  if (engine.rootless || engine.name.startsWith("podman")) expect(preview.all).toContain("which up would write to");
  await stack.mustUp();
  const { exitCode, all } = await stack.xnai(["status"]);
  expect(exitCode, all).toBe(0);
  const statuses = ["/", "/vikunja/api/v1/info", "/vikunja/api/v1/projects", "/api/"].map(
    async (path) => (await fetch(`http://127.0.0.1:8000${path}`)).status,
  );
  expect(await Promise.all(statuses)).toEqual([200, 200, 401, 502]);
  expect(Object.keys(await started())).toHaveLength(6);
  isUp = true;
});

step("quiet", () => nothingToDo("up", "--yes", "--expect-no-changes"));
step("refresh", () => nothingToDo("preview", "--refresh", "--expect-no-changes"));

step("edit", async () => {
  const before = await started();
  await stack.configure({ redis: { maxMemoryMiB: 256 } });
  await stack.mustUp();
  const { "/xnai_redis": redis, ...others } = await started();
  expect(redis).not.toBe(before["/xnai_redis"]);
  expect({ ...others, "/xnai_redis": before["/xnai_redis"] }).toEqual(before);
  await nothingToDo("up", "--yes", "--refresh", "--expect-no-changes");
});

if (engine.also?.includes("app"))
  step("app", async () => {
    const before = await started();
    await useApp(stack);
    expect(await started()).toEqual(before);
  });

step("incident", async () => {
  const client = await qdrant();
  await client.create("docs");
  await client.fill("docs", 0, points);
  lab = await Lab.with("busybox");
  await lab.arrange("xnai_qdrant_storage", "chown -R 4242:4242 .");
  await stack.container("qdrant").restart();
  await eventually(
    60,
    () => stack.xnai(["status"]),
    ({ exitCode }) => exitCode === 1,
  );
  const { all } = await stack.mustUp("--repair", "qdrant");
  expect(all).toMatch(/volume xnai_qdrant_storage: \d+ of \d+ entries given to 1000:1000.* \(were: 4242:4242/);
  expect(await client.count("docs")).toBe(points);
  expect(await client.nearest("docs", 77)).toBe(77);
});

/** What a container reaches, and what of it arrived in the world or at the machine's resolver. */
async function reached(id: string): Promise<Reached & { arrived: string[]; asked: number }> {
  const [packets, questions] = [outside.packets().length, resolver.questions()];
  const { State } = await stack.docker.getContainer(id).inspect();
  const found = await reachedFrom(State.Pid);
  const arrived = outside
    .packets()
    .slice(packets)
    .filter(({ protocol }) => protocol === "tcp" || protocol === "udp")
    .map(({ to, protocol, port }) => `${protocol} ${to} ${port}`);
  return { ...found, arrived, asked: resolver.questions() - questions };
}

async function ownContainer(network: string): Promise<Awaited<ReturnType<typeof reached>>> {
  const container = { name: "own", image: stack.busybox, network, command: ["sleep", "600"] };
  const { id } = await startNeighbour(stack.docker, container);
  try {
    return await reached(id);
  } finally {
    await removeNeighbour(stack.docker, "own");
  }
}

step("control", async () => {
  const network = await stack.docker.createNetwork({ Name: "open" });
  try {
    const { tcp, asked } = await ownContainer("open");
    expect(tcp).toEqual({ [worldAddress]: true, [worldAddress6]: engine.ipv6 });
    expect(asked).toBeGreaterThan(0);
  } finally {
    await network.remove();
  }
});

const closed = { tcp: { [worldAddress]: false, [worldAddress6]: false }, asked: 0 };

step("egress", async () => {
  const services = await stack.docker.listContainers({ filters: { label: ["io.xnai.role=service"] } });
  expect(services).toHaveLength(6);
  for (const { Id, Names } of services) expect(await reached(Id), Names[0]).toEqual({ ...closed, arrived: [] });
});

step("own", async () => expect((await ownContainer("xnai_network")).tcp).toEqual(closed.tcp));
step("ownNames", async () => expect((await ownContainer("xnai_network")).asked).toBe(0));

step("destroy", async () => {
  const { exitCode, all } = await stack.xnai(["destroy", "--yes"]);
  expect(exitCode, all).toBe(0);
  expect(await stack.docker.listContainers({ all: true })).toEqual([]);
  await stack.mustUp();
  expect(await (await qdrant()).count("docs")).toBe(points);
});

step("data", async () => {
  const { exitCode, all } = await stack.xnai(["destroy", "--yes", "--data"]);
  expect(exitCode, all).toBe(0);
  expect(await stack.docker.listContainers({ all: true })).toEqual([]);
  expect((await stack.docker.listVolumes()).Volumes.map(({ Name }) => Name)).toEqual([]);
  const networks = (await stack.docker.listNetworks()).map(({ Name }) => Name);
  expect(networks.filter((name) => name.startsWith("xnai"))).toEqual([]);
});

if (engine.also?.includes("directories")) step("directories", () => useDirectories(stack));
if (engine.also?.includes("moved")) step("moved", () => moveFromDocker(stack));
