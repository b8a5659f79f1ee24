// What tasks leave behind: nothing on the engine, no secret anywhere, and a stop order that holds.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exposure } from "../support/data.ts";
import { containerSuffix, serviceNames } from "../support/services.ts";
import { TestStack } from "../support/stack.ts";

const prefix = "e2e-task";
let stack: TestStack;
/** Everything that the engine told and showed of containers during the first up. */
let seen = "";

interface EngineEvent {
  Action: string;
  Actor: { ID: string; Attributes: Record<string, string> };
}

/** Listens while `work` is done. @param each is told of every event */
async function listening(work: () => Promise<unknown>, each: (event: EngineEvent, line: string) => void) {
  const stream = await stack.docker.getEvents({ filters: { type: ["container"] } });
  let rest = "";
  stream.on("data", (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines.filter(Boolean)) each(JSON.parse(line) as EngineEvent, line);
  });
  try {
    await work();
  } finally {
    (stream as unknown as { destroy(): void }).destroy();
  }
}

/** `start redis`, `die redis_prepare` ... while `work` is done, in this order. */
async function startsAndEnds(work: () => Promise<unknown>): Promise<string[]> {
  const found: string[] = [];
  await listening(work, ({ Action, Actor }) => {
    const name = Actor.Attributes.name?.replace(`${prefix}_`, "");
    if (["start", "die"].includes(Action)) found.push(`${Action} ${name}`);
  });
  return found;
}

const containers = async () =>
  (await stack.docker.listContainers({ all: true, filters: { label: [`io.xnai.stack=${prefix}`] } })).map(
    ({ Names, State }) => `${Names[0]?.replace(`/${prefix}_`, "")} ${State}`,
  );
const allRunning = serviceNames.map((name) => `${containerSuffix(name)} running`).toSorted();
const startedAt = async () =>
  Promise.all(
    serviceNames.map(async (name) => (await stack.container(containerSuffix(name)).inspect()).State.StartedAt),
  );
const state = () => readFile(join(stack.folder, ".xnai/.pulumi/stacks/xnai/dev.json"), "utf8");

beforeAll(async () => {
  stack = await TestStack.create(prefix, { exposure: exposure(18960) });
  const inspecting: Promise<unknown>[] = [];
  await listening(
    () => stack.mustUp(),
    ({ Action, Actor }, line) => {
      seen += line;
      if (Action !== "start") return;
      const shown = stack.docker.getContainer(Actor.ID).inspect();
      inspecting.push(shown.then((info) => (seen += JSON.stringify(info))).catch(() => undefined));
    },
  );
  await Promise.all(inspecting);
});
afterAll(async () => stack?.close());

describe("after an up", () => {
  it("the engine has the services and nothing else, and state at most 76 resources", async () => {
    expect((await containers()).toSorted()).toEqual(allRunning);
    const { checkpoint } = JSON.parse(await state()) as { checkpoint: { latest: { resources: object[] } } };
    expect(checkpoint.latest.resources.length).toBeLessThanOrEqual(76);
  });

  it("no secret stands in events, in what the engine shows, in logs or in plain state", async () => {
    expect(seen).toContain(`${prefix}_redis_prepare`);
    expect(seen).toContain(`${prefix}_vikunja_user_client`);
    let places = seen + (await state());
    for (const name of serviceNames)
      places += String(await stack.container(containerSuffix(name)).logs({ stdout: true, stderr: true }));
    const secrets = Object.entries(await stack.outputs()).filter(([name]) => /password|key|token/i.test(name));
    expect(secrets.length).toBeGreaterThan(8);
    for (const [name, secret] of secrets) expect(places.includes(secret as string), name).toBe(false);
  });
});

describe("what stops and starts with a service", () => {
  it.each([
    ["--repair postgres", ["--repair", "postgres"], {}],
    ["another limit of processors", [], { resources: { postgres: { cpus: 0.5 } } }],
  ])("stops before it, and starts after it, and nothing else does: %s", async (_, flags, config) => {
    await stack.configure(config);
    const found = await startsAndEnds(() => stack.mustUp(...flags));
    const order = found.filter((each) => !/vikunja_user/.test(each));
    const tasks = [
      "start vikunja_db_prepare",
      "die vikunja_db_prepare",
      "start vikunja_db_setup",
      "die vikunja_db_setup",
    ];
    // Postgres reads a file while it runs: it is written again behind a start that no preparation came before.
    const rewritten = ["start vikunja_db_prepare", "die vikunja_db_prepare"];
    expect(order).toEqual([
      ...["die vikunja", "die vikunja_db"],
      ...(flags.length > 0 ? tasks : []),
      ...["start vikunja_db", ...(flags.length > 0 ? [] : rewritten), "start vikunja"],
    ]);
  });
});

describe("what prune removes", () => {
  it("is made again where it is needed, and no service restarts for it", async () => {
    const before = await startedAt();
    await execa("docker", ["system", "prune", "-af"]);
    await stack.mustUp();
    await stack.mustUp("--refresh");
    expect(await startedAt()).toEqual(before);
    await stack.mustUp("--repair", "redis");
    await stack.configure({ rotate: { redisPassword: 1 } });
    await stack.mustUp();
    expect((await containers()).toSorted()).toEqual(allRunning);
  });

  it("is named by a bare pulumi up, which cannot build it, and brought back by xnai", async () => {
    await stack.docker.getImage(stack.busybox).remove({ force: true });
    await stack.configure({ rotate: { redisPassword: 2 } });
    const bare = await stack.pulumi(["up", "--stack", "dev", "--yes", "--skip-preview"]);
    expect(bare.exitCode, bare.all).not.toBe(0);
    expect(bare.all).toMatch(/the image xnai\.local\/busybox:\S+, .* is not on the engine.*npm run up/);
    await stack.mustUp();
  });
});

describe("a container that vanished", () => {
  it("comes back with --refresh, and what follows it is done again, but no user is made twice", async () => {
    for (const name of ["consul", "vikunja"]) await stack.container(name).remove({ force: true });
    const { all } = await stack.mustUp("--refresh");
    expect(all).toContain("consul-acl");
    expect(all).toContain("vikunja-user");
    expect(all).not.toContain("new user");
    const { consulUrl, consulViewerToken } = (await stack.outputs()) as Record<string, string>;
    const answer = await fetch(`${consulUrl}/v1/acl/token/self`, {
      headers: { "X-Consul-Token": `${consulViewerToken}` },
    });
    expect(answer.status).toBe(200);
  });
});

describe("the rules", () => {
  it("hold a task back before the engine hears of it, in preview and in a bare pulumi up", async () => {
    const file = join(stack.folder, "components/engine/tasks/task.ts");
    const right = await readFile(file, "utf8");
    const wrong = right.replace('networkMode: "none",', 'networkMode: "host",');
    expect(wrong).not.toBe(right);
    await writeFile(file, wrong);
    const found = await startsAndEnds(async () => {
      const preview = await stack.xnai(["preview"]);
      expect(preview.exitCode, preview.all).toBe(5);
      expect(preview.all).toMatch(/_redis_prepare has networkMode "host"/);
      const bare = await stack.pulumi(["up", "--stack", "dev", "--yes", "--skip-preview"]);
      expect(bare.exitCode, bare.all).not.toBe(0);
      expect(bare.all).toMatch(/_prepare has networkMode "host"/);
    });
    await writeFile(file, right);
    expect(found).toEqual([]);
  });
});
