// A whole stack that is taken apart and put together again, beside another one and beside what was there before.
import { rm, truncate } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { followAdvice } from "../support/advice.ts";
import { askConsul } from "../support/consul.ts";
import { exposure, services } from "../support/data.ts";
import { eventually, removeNeighbour, startNeighbour } from "../support/neighbour.ts";
import { QdrantClient } from "../support/qdrant.ts";
import { recreate } from "../support/recreate.ts";
import { containerSuffix, serviceNames } from "../support/services.ts";
import { TestStack } from "../support/stack.ts";
import { endOwnEngine, ownNamespace, startOwnEngine } from "../support/test-engine.ts";
import { VikunjaClient } from "../support/vikunja.ts";
import { agentBus } from "./agent-bus.ts";

const [a, b] = ["e2e-life", "e2e-twin"] as const;
const base = 18560;
const on = (port: number) => `http://127.0.0.1:${base + port}`;

let stack: TestStack;
let twin: TestStack | undefined;
let outputs: Record<string, string>;

beforeAll(async () => {
  stack = await TestStack.create(a, { exposure: exposure(base) });
  await stack.mustUp();
  outputs = (await stack.outputs()) as Record<string, string>;
  await fill();
});

// What a failed test leaves would fail the next ones, too.
afterEach(async () => {
  if (twin?.prefix === b) await twin.close();
  twin = undefined;
});
afterAll(async () => {
  for (const name of [`${a}-guest`, `${b}_redis`]) await removeNeighbour(stack.docker, name);
  await stack?.close();
});

const redis = () =>
  new Redis({ host: "127.0.0.1", port: base + 1, password: outputs.redisPassword as string, retryStrategy: null });
const qdrant = () => new QdrantClient(on(3), outputs.qdrantKey);
const consul = (path: string, method?: string, body?: string) =>
  askConsul(on(2), outputs.consulManagementToken, path, method, body);
async function vikunja(): Promise<VikunjaClient> {
  const client = new VikunjaClient(`${on(0)}/vikunja/api/v1`);
  expect(await client.login(outputs.vikunjaUser as string, outputs.vikunjaPassword as string), "login").toBe(200);
  return client;
}

/** Something in every service that keeps data. */
async function fill() {
  const client = redis();
  await client.set("kept", "yes");
  client.disconnect();
  await qdrant().create("kept");
  await qdrant().fill("kept", 0, 100);
  await eventually(
    20,
    () => consul("/v1/kv/kept", "PUT", "yes"),
    ({ ok }) => ok,
  );
  await (await vikunja()).project("kept");
}

/** All of it is there, behind the passwords that `outputs` holds. */
async function found(except: string[] = []) {
  if (!except.includes("redis")) {
    const client = redis();
    expect(await client.get("kept"), "in Redis").toBe("yes");
    client.disconnect();
  }
  if (!except.includes("qdrant")) expect(await qdrant().count("kept"), "in Qdrant").toBe(100);
  expect(await (await consul("/v1/kv/kept?raw")).text(), "in Consul").toBe("yes");
  if (except.includes("vikunja")) return;
  const projects = await (await vikunja()).must<{ title: string }[]>("GET", "/projects");
  expect(
    projects.map(({ title }) => title),
    "in Vikunja",
  ).toContain("kept");
}

/** The stack was made anew around its data. */
async function takeNewPasswords() {
  const old = outputs;
  outputs = (await stack.outputs()) as Record<string, string>;
  for (const [name, value] of Object.entries(outputs))
    if (/Password|Token|Key$/.test(name)) expect(value, name).not.toBe(old[name]);
  // Vikunja's users are in its data, with the passwords they had.
  outputs.vikunjaPassword = old.vikunjaPassword as string;
}

const ids = async (of: TestStack, names: readonly string[]) =>
  Promise.all(names.map(async (name) => (await of.container(containerSuffix(name)).inspect()).Id));
const containersOf = async (prefix: string) =>
  (await stack.docker.listContainers({ all: true }))
    .map(({ Names }) => Names[0]?.slice(1) ?? "")
    .filter((name) => name.startsWith(`${prefix}_`))
    .toSorted();
const volumesOf = async (prefix: string) =>
  (await stack.docker.listVolumes()).Volumes.map(({ Name }) => Name)
    .filter((name) => name.startsWith(`${prefix}_`))
    .toSorted();
const networksOf = async (prefix: string) =>
  (await stack.docker.listNetworks()).map(({ Name }) => Name).filter((name) => name.startsWith(`${prefix}_`));
const dataVolumes = (prefix: string) =>
  [
    "caddy_data",
    "consul_data",
    "postgres_data",
    "qdrant_snapshots",
    "qdrant_storage",
    "redis_data",
    "vikunja_files",
  ].map((name) => `${prefix}_${name}`);

async function checks() {
  const all = (await (await consul("/v1/health/state/any")).json()) as { ServiceName: string; Status: string }[];
  return Object.fromEntries(
    all.filter(({ ServiceName }) => ServiceName).map((each) => [each.ServiceName, each.Status]),
  );
}
const allPass = (names: string[]) =>
  eventually(
    30,
    checks,
    (seen) =>
      Object.keys(seen).toSorted().join() === names.join() && Object.values(seen).every((each) => each === "passing"),
  );
const everything = ["caddy", "qdrant", "redis", "vikunja"];
describe("a whole stack", () => {
  it("is seen by Consul, every service passing", async () => {
    await allPass(everything);
  });

  it("leaves nothing to do for a second up, with and without --refresh", async () => {
    for (const flags of [[], ["--refresh"]]) {
      const { exitCode, all } = await stack.up("--expect-no-changes", ...flags);
      expect(exitCode, all).toBe(0);
    }
  });
});

describe("the agent bus", () => {
  agentBus({ stack: () => stack, outputs: () => outputs, exposure: exposure(base) });
});

describe("a service that is switched off", () => {
  it("is gone from engine, catalogue and page, keeps its data, and disturbs no other", async () => {
    const others = await ids(stack, ["postgres"]);
    await stack.configure({ services: services("caddy", "consul", "postgres") });
    await stack.mustUp();
    expect((await containersOf(a)).filter((name) => /redis|qdrant|vikunja(?!_db)/.test(name))).toEqual([]);
    expect(await ids(stack, ["postgres"])).toEqual(others);
    expect(await volumesOf(a)).toEqual(expect.arrayContaining(dataVolumes(a)));
    await allPass(["caddy"]);
    expect((await fetch(`${on(0)}/vikunja/api/v1/info`)).status).toBe(502);
    const page = await (await fetch(`${on(0)}/`)).text();
    expect(page).toContain("Consul");
    for (const name of ["Redis", "Qdrant", "Vikunja"]) expect(page).not.toContain(name);
    expect((await stack.xnai(["status"])).exitCode).toBe(0);
    await found(["redis", "qdrant", "vikunja"]);
  });

  it("finds its data when it is switched on again, with the same passwords", async () => {
    await stack.configure({ services: services(...serviceNames) });
    await stack.mustUp();
    expect(await stack.outputs()).toEqual(outputs);
    await found();
    await allPass(everything);
  });
});

describe("two stacks on one engine", () => {
  it("run side by side, and the end of one does not touch the other", async () => {
    const before = await ids(stack, serviceNames);
    twin = await TestStack.create(b, {
      exposure: exposure(base + 10),
      services: services("caddy", "redis", "consul"),
    });
    await twin.mustUp();
    const other = await twin.outputs();
    expect(other.redisPassword).not.toBe(outputs.redisPassword);
    // A server tells its catalogue of its own services some seconds after it has elected itself.
    await eventually(
      30,
      async () => (await askConsul(on(12), other.consulViewerToken as string, "/v1/catalog/services")).json(),
      (seen) =>
        Object.keys(seen as object)
          .toSorted()
          .join() === "caddy,consul,redis",
    );
    expect((await fetch(`http://127.0.0.1:${base + 10}/`)).status).toBe(200);
    await twin.close();
    twin = undefined;
    expect(await containersOf(b)).toEqual([]);
    expect(await volumesOf(b)).toEqual([]);
    expect(await networksOf(b)).toEqual([]);
    expect(await ids(stack, serviceNames)).toEqual(before);
    expect((await stack.xnai(["status"])).exitCode).toBe(0);
    await found();
  });
});

describe("beside what was there before", () => {
  it("names every name and port that is taken, and changes nothing", async () => {
    const image = stack.busybox;
    twin = await TestStack.create(b, { exposure: { ...exposure(base + 10), caddy: { port: base } } });
    await startNeighbour(stack.docker, { name: `${b}_redis`, image, network: "none", command: ["sleep", "600"] });
    const network = await stack.docker.createNetwork({ Name: `${b}_network`, CheckDuplicate: true });
    await stack.docker.createVolume({ Name: `${b}_redis_data` });
    try {
      const { exitCode, all } = await twin.up();
      expect(exitCode, all).toBe(3);
      expect(all).toContain(`container name ${b}_redis is taken`);
      expect(all).toContain(`network name ${b}_network is taken`);
      expect(all).toContain(`volume name ${b}_redis_data is taken`);
      expect(all).toMatch(
        `127.0.0.1:${base} is taken by the container ${a}_caddy: stop it, or set exposure.caddy.port`,
      );
      expect(all).toContain("Nothing was changed");
      expect(await containersOf(b)).toEqual([`${b}_redis`]);
      expect(await networksOf(b)).toEqual([`${b}_network`]);
      expect(await volumesOf(b)).toEqual([`${b}_redis_data`]);
    } finally {
      await removeNeighbour(stack.docker, `${b}_redis`);
      await network.remove();
      await stack.docker.getVolume(`${b}_redis_data`).remove();
      await twin.close();
      twin = undefined;
    }
  });
});

describe("another clone with the same prefix", () => {
  it("is told so in one sentence, and changes nothing", async () => {
    const before = await ids(stack, serviceNames);
    twin = await TestStack.create(a, { exposure: exposure(base + 10) });
    const { exitCode, all } = await twin.up();
    expect(exitCode, all).toBe(3);
    expect(all).toMatch(
      new RegExp(
        `A stack with the prefix ${a} is on this engine already \\(6 containers, \\d networks, 7 volumes with data\\)`,
      ),
    );
    expect(all).not.toContain("is taken by");
    expect(await ids(stack, serviceNames)).toEqual(before);
    await rm(dirname(twin.folder), { recursive: true });
    twin = undefined;
  });
});

if (!ownNamespace) console.warn("not run: restarts of the engine (it is not the test's own)");

describe.skipIf(!ownNamespace)("an engine that starts again", () => {
  it.each(["SIGTERM", "SIGKILL"] as const)(
    "after %s: all is healthy without a hand, with all its data",
    async (signal) => {
      await endOwnEngine(signal, "SIGTERM");
      const start = Date.now();
      await startOwnEngine();
      await stack.answers();
      console.log(
        `healthy ${((Date.now() - start) / 1000).toFixed(0)} s after the engine was started again (${signal})`,
      );
      await found();
      await allPass(everything);
    },
  );
});

const stateFileOf = (of: TestStack) => join(of.folder, ".xnai/.pulumi/stacks/xnai/dev.json");

/** What any command might have written in the clone. */
async function written(of: TestStack) {
  const { stdout } = await execa("sh", ["-c", "find .xnai Pulumi.dev.yaml -type f | sort | xargs -d '\\n' md5sum"], {
    cwd: of.folder,
  });
  return stdout;
}

describe("a state that is lost", () => {
  const losses: [string, (file: string) => Promise<void>][] = [
    ["emptied", (file) => truncate(file)],
    [
      "cut, with its .bak",
      async (file) => {
        await truncate(file, 1000);
        await truncate(`${file}.bak`, 1000);
      },
    ],
    [
      "gone, after a destroy",
      async (file) => {
        await stack.xnai(["destroy", "--yes"]);
        await rm(file);
      },
    ],
  ];

  it.each(losses)("is told by every command when it is %s, and put back by what they name", async (_, lose) => {
    await lose(stateFileOf(stack));
    const before = await written(stack);
    for (const command of [["up", "--yes"], ["preview"], ["destroy", "--yes"], ["credentials", "--plain"]]) {
      const { exitCode, all } = await stack.xnai(command);
      expect(exitCode, all).toBe(3);
      expect(all).toContain("npm run xnai -- state restore");
      expect(all).not.toMatch(/docker rm|should not happen/);
    }
    expect(await written(stack)).toBe(before);
    await followAdvice(stack, (await stack.up()).all);
    await stack.mustUp();
    expect(await stack.outputs()).toEqual(outputs);
    await found();
  });

  it("is not made by commands that only look", async () => {
    const before = await written(stack);
    for (const command of [["preview"], ["credentials", "--plain"], ["status"], ["policy"], ["env"]])
      await stack.xnai(command);
    expect(await written(stack)).toBe(before);
  });
});

describe("a container that something else made anew", () => {
  it("is named as such, and up puts the stack's own in its place, with the same data and password", async () => {
    await recreate(stack.container("redis"));
    const { exitCode, all } = await stack.up();
    expect(exitCode, all).toBe(0);
    expect(all).toContain(`the container ${a}_redis is another one than up made`);
    expect(await stack.outputs()).toEqual(outputs);
    await found();
    expect((await stack.up("--expect-no-changes")).exitCode).toBe(0);
  });
});

describe("destroy", () => {
  it("names a foreign container on a network before it removes anything", async () => {
    const before = await ids(stack, serviceNames);
    const image = stack.busybox;
    const guest = { name: `${a}-guest`, image, network: `${a}_network`, command: ["sleep", "600"] };
    await startNeighbour(stack.docker, guest);
    const { exitCode, all } = await stack.xnai(["destroy", "--yes"]);
    expect(exitCode, all).toBe(3);
    expect(all).toContain(`${a}-guest is on ${a}_network`);
    expect(await ids(stack, serviceNames)).toEqual(before);
    await removeNeighbour(stack.docker, guest.name);
  });

  it("leaves the data and the passwords that open it, says where, and up brings everything back", async () => {
    const { exitCode, all } = await stack.xnai(["destroy", "--yes"]);
    expect(exitCode, all).toBe(0);
    expect(all).toMatch(/kept: the data in .*redis_data/);
    expect(all).toMatch(/kept: its passwords, in .*\.xnai/);
    // The provider takes two seconds for each: side by side.
    expect(all).toMatch(/Volume redis-config deleting.*Network main deleted/s);
    expect(all).toMatch(/Network main deleting.*Volume redis-config deleted/s);
    expect(await containersOf(a)).toEqual([]);
    expect(await networksOf(a)).toEqual([]);
    expect(await volumesOf(a)).toEqual(dataVolumes(a));
    await stack.mustUp();
    expect(await stack.outputs()).toEqual(outputs);
    await found();
    await allPass(everything);
  });

  it("by bare Pulumi leaves the volumes, and up brings back what opens them, or makes new passwords", async () => {
    const { exitCode, all } = await stack.pulumi(["destroy", "--stack", "dev", "--yes", "--skip-preview"]);
    expect(exitCode, all).toBe(0);
    expect(await containersOf(a)).toEqual([]);
    expect(await volumesOf(a)).toEqual(dataVolumes(a));
    const refused = await stack.up();
    expect(refused.exitCode, refused.all).toBe(3);
    await followAdvice(stack, refused.all);
    await stack.mustUp();
    expect(await stack.outputs()).toEqual(outputs);
    await found();
    await stack.pulumi(["destroy", "--stack", "dev", "--yes", "--skip-preview"]);
    await stack.mustUp("--take-over");
    await takeNewPasswords();
    await found();
    await allPass(everything);
  });
});

describe("a clone that is lost", () => {
  it("has its data taken over by another, by the commands that this one is told", async () => {
    twin = await TestStack.create(a, { exposure: exposure(base) });
    const refused = await twin.up();
    expect(refused.all).toContain("npm run up -- --take-over keeps the data");
    await rm(dirname(stack.folder), { recursive: true });
    stack = twin;
    twin = undefined;
    const asked = await stack.xnai(["up", "--take-over"]);
    expect(asked.exitCode, asked.all).toBe(2);
    await stack.mustUp("--take-over");
    const shown = await stack.xnai(["credentials", "--plain"]);
    expect(shown.all).toMatch(/vikunjaPassword does not apply: the stack was taken over/);
    expect(shown.stdout).not.toContain("vikunjaPassword");
    await takeNewPasswords();
    await found();
    await allPass(everything);
  });
});

describe("destroy --data", () => {
  it("asks first, names what goes, and then nothing is left", async () => {
    const asked = await stack.xnai(["destroy", "--data"]);
    expect(asked.exitCode, asked.all).toBe(2);
    for (const name of dataVolumes(a)) expect(asked.all).toContain(name);
    await found();
    const image = stack.busybox;
    const reader = await stack.docker.createContainer({
      name: `${a}-guest`,
      Image: image,
      HostConfig: { Binds: [`${a}_redis_data:/data:ro`] },
    });
    const refused = await stack.xnai(["destroy", "--data", "--yes"]);
    expect(refused.exitCode, refused.all).toBe(3);
    expect(refused.all).toContain(`${a}-guest uses ${a}_redis_data`);
    await reader.remove();
    await found();
    const { exitCode, all } = await stack.xnai(["destroy", "--data", "--yes"]);
    expect(exitCode, all).toBe(0);
    expect(await volumesOf(a)).toEqual([]);
    const { stdout } = await stack.pulumi(["stack", "export", "--stack", "dev"]);
    expect((JSON.parse(stdout) as { deployment: { resources?: unknown[] } }).deployment.resources ?? []).toEqual([]);
  });
});
