// Tasks that do not come to their end: the run is killed or interrupted, the engine goes away, there is no room, it takes too
// long. Each ends in words, leaves nothing behind, and the next up does what is left.
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { label } from "../../lib/labels.ts";
import { services } from "../support/data.ts";
import { atWork, exchangeBusybox, giveBusyboxBack, hold, letGo } from "../support/held-tasks.ts";
import { LiveRun } from "../support/live-run.ts";
import { removeNeighbour, startNeighbour } from "../support/neighbour.ts";
import { type Ran, TestStack } from "../support/stack.ts";
import { endOwnEngine, ownNamespace, startOwnEngine } from "../support/test-engine.ts";

const [a, b] = ["e2e-cut", "e2e-full"] as const;
const preparing = `${a}_redis_prepare`;
let stack: TestStack;
let data: string;
/** With its data on a file system of the test's own, with little room. */
let small: TestStack;
let root: string;
let held: string;

beforeAll(async () => {
  stack = await TestStack.create(a, { services: services("redis"), exposure: { redis: { port: 18951 } } });
  await exchangeBusybox(stack.docker);
  await stack.mustUp("--skip-preview");
  data = (await stack.docker.getVolume(`${a}_redis_data`).inspect()).Mountpoint;
});
afterAll(async () => {
  await giveBusyboxBack(stack.docker);
  await small?.close();
  await stack?.close();
  if (held) await execa("umount", [held]);
  if (root) await rm(root, { recursive: true });
});

/** Containers of tasks, whatever their state. */
async function tasksOf(prefix: string): Promise<string[]> {
  const all = await stack.docker.listContainers({ all: true, filters: { label: [`${label.role}=task`] } });
  return all.flatMap(({ Names }) => Names).filter((name) => name.startsWith(`/${prefix}_`));
}

const repair = () => new LiveRun(stack, ["up", "--yes", "--skip-preview", "--repair", "redis"]);

/** The next up does what was left, and the service is there with its data. */
async function nextUp(): Promise<Ran> {
  const ran = await stack.mustUp("--skip-preview");
  expect(await tasksOf(a)).toEqual([]);
  expect((await stack.container("redis").inspect()).State.Running).toBe(true);
  return ran;
}

describe("kill -9 of a whole run while a task is at work", () => {
  it("leaves the task to its end, and the next up removes it and says so", async () => {
    await hold(data);
    const run = repair();
    await atWork(stack.docker, preparing);
    run.killAll();
    await run.ended();
    expect(await tasksOf(a)).toEqual([`/${preparing}`]);
    const next = new LiveRun(stack, ["up", "--yes", "--skip-preview"]);
    await next.says(`${preparing} of an interrupted run is still at work: waiting for its end`);
    expect((await stack.docker.getContainer(preparing).inspect()).State.Running).toBe(true);
    await letGo(data);
    const { exitCode, all } = await next.ended();
    expect(exitCode, all).toBe(0);
    expect(all).toContain(`${preparing}, left behind by an interrupted run, is removed`);
    expect(await tasksOf(a)).toEqual([]);
  });
});

describe("Ctrl-C", () => {
  it("before a task begins ends the run, and nothing is left", async () => {
    const run = repair();
    await run.says("Updating (dev)");
    run.interrupt();
    const { exitCode, all } = await run.ended();
    expect(exitCode, all).toBe(1);
    expect(await tasksOf(a)).toEqual([]);
  });

  it("while a task is at work that takes its time: says so, waits for its end, and leaves nothing", async () => {
    await hold(data);
    const run = repair();
    await atWork(stack.docker, preparing);
    run.interrupt();
    await run.says("waiting for its end");
    expect((await stack.docker.getContainer(preparing).inspect()).State.Running).toBe(true);
    await letGo(data);
    const { exitCode, all } = await run.ended();
    expect(exitCode, all).toBe(1);
    expect(all).toContain('before hook "preparing redis" failed: interrupted while it was at work');
    expect(all).not.toContain("rpc error");
    expect(await tasksOf(a)).toEqual([]);
    await nextUp();
  });
});

describe("another clone's task", () => {
  it("is left alone, and up refuses", async () => {
    const neighbour = {
      name: preparing,
      image: (await stack.container("redis").inspect()).Config.Image,
      network: "none",
      entrypoint: ["sleep", "600"],
      labels: { [label.stack]: a, [label.role]: "task", [label.state]: "0123456789abcdef" },
    };
    const { id } = await startNeighbour(stack.docker, neighbour);
    const { exitCode, all } = await stack.up("--repair", "redis");
    const { State } = await stack.docker.getContainer(id).inspect();
    await removeNeighbour(stack.docker, preparing);
    expect(exitCode, all).toBe(3);
    expect(all).toContain(`${preparing}: of a stack with the prefix ${a}, and the state of this clone does not know`);
    expect(all).toContain(`Wait until ${preparing}, which may be at work on the same data, has ended`);
    expect(all).not.toContain("docker rm");
    expect(State.Running).toBe(true);
    expect((await stack.container("redis").inspect()).State.Running).toBe(true);
  });
});

describe("a task", () => {
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "xnai-small-"));
    held = join(root, "redis", "data");
    await mkdir(held, { recursive: true });
    // For no file at all. What can be seen beforehand, up does not begin with.
    await execa("mount", ["-t", "tmpfs", "-o", "nr_inodes=1", "tmpfs", held]);
    small = await TestStack.create(b, {
      services: services("redis"),
      exposure: { redis: { port: 18952 } },
      storage: { root },
      taskTimeoutSeconds: 30,
    });
  });

  it("that finds no room says so, and is done again when there is some", async () => {
    const { exitCode, all } = await small.up("--skip-preview");
    expect(exitCode, all).toBe(1);
    expect(all).toContain(`before hook "preparing redis" failed: `);
    expect(all).toMatch(/redis.*cannot be written/);
    expect(await tasksOf(b)).toEqual([]);
    await execa("mount", ["-o", "remount,nr_inodes=1000", held]);
    await small.mustUp("--skip-preview");
  });

  it("that does not end in time is stopped, and done again", async () => {
    await hold(held);
    const { exitCode, all } = await small.up("--skip-preview", "--repair", "redis");
    expect(exitCode, all).toBe(1);
    expect(all).toContain("it did not end within 30 s (taskTimeoutSeconds) and was stopped");
    expect(await tasksOf(b)).toEqual([]);
    await letGo(held);
    await small.mustUp("--skip-preview");
  });
});

if (!ownNamespace) console.warn("not run: an engine that goes away (it is not the test's own)");

describe.skipIf(!ownNamespace)("an engine that goes away while a task is at work", () => {
  it("is said so, and the next up does what was left", async () => {
    await hold(data);
    const run = repair();
    const { State } = await atWork(stack.docker, preparing);
    await endOwnEngine("SIGKILL", "SIGKILL");
    const { exitCode, all } = await run.ended();
    // As on a machine that was switched off. An engine that starts waits for the end of what still runs, and a task whose
    // input it has lost has none.
    process.kill(State.Pid, "SIGKILL");
    await letGo(data);
    await startOwnEngine();
    expect(exitCode, all).toBe(1);
    expect(all).toMatch(/before hook "preparing redis" failed: the Docker engine went away meanwhile \(/);
    expect(all).toMatch(/\nerror: The Docker engine went away meanwhile/);
    expect(all).not.toContain("should not happen");
    await nextUp();
  });
});
