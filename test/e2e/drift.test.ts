// An engine that is not as the last up left it: what is gone, stopped, made anew by somebody else, emptied. Each time status says
// so, up puts it right or names the way, which is then gone; and all data is there afterwards.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseConfig } from "../../components/config/parse.ts";
import { differences } from "../../ops/engine/drift/compare.ts";
import { suspiciousPlaces } from "../../ops/engine/drift/data.ts";
import { engineView } from "../../ops/engine/drift/view.ts";
import { exposure, services } from "../support/data.ts";
import { removeNeighbour, startNeighbour } from "../support/neighbour.ts";
import { QdrantClient } from "../support/qdrant.ts";
import { TestStack } from "../support/stack.ts";
import { endOwnEngine, ownNamespace, startOwnEngine } from "../support/test-engine.ts";

const prefix = "e2e-drift";
const base = 18700;
const [redisData, redisConfig, network] = [`${prefix}_redis_data`, `${prefix}_redis_config`, `${prefix}_network`];
const guest = `${prefix}-guest`;
let stack: TestStack;
let outputs: Record<string, string>;

beforeAll(async () => {
  stack = await TestStack.create(prefix, { services: services("caddy", "redis", "qdrant"), exposure: exposure(base) });
  await stack.mustUp();
  outputs = (await stack.outputs()) as Record<string, string>;
  await withRedis((client) => client.set("kept", "yes"));
  await qdrant().create("kept");
  await qdrant().fill("kept", 0, 100);
});
afterAll(async () => {
  await removeNeighbour(stack.docker, guest);
  await stack?.close();
});

const qdrant = () => new QdrantClient(`http://127.0.0.1:${base + 3}`, outputs.qdrantKey);
async function withRedis<T>(work: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis({
    host: "127.0.0.1",
    port: base + 1,
    password: outputs.redisPassword as string,
    retryStrategy: null,
  });
  try {
    return await work(client);
  } finally {
    client.disconnect();
  }
}
/** All of it is there, behind the passwords of the first up. */
async function kept() {
  expect(await withRedis((client) => client.get("kept"))).toBe("yes");
  expect(await qdrant().count("kept")).toBe(100);
}
/** Runs a command as root with a volume of the stack at /data. */
async function onVolume(volume: string, command: string): Promise<string> {
  const { stdout } = await execa("docker", [
    "run",
    "--rm",
    "-v",
    `${volume}:/data`,
    "-v",
    `${prefix}-backup:/backup`,
    stack.busybox,
    "sh",
    "-c",
    command,
  ]);
  return stdout;
}
const remove = (suffix: string) => stack.container(suffix).remove({ force: true });
const idOf = async (suffix: string) => (await stack.container(suffix).inspect()).Id;

/** Status tells, a run that must not change anything refuses, and up puts it right. */
async function putRight(...texts: RegExp[]) {
  const status = await stack.xnai(["status"]);
  expect(status.exitCode, status.all).toBe(1);
  for (const text of texts) expect(status.all).toMatch(text);
  const refused = await stack.up("--expect-no-changes");
  expect(refused.exitCode, refused.all).toBe(1);
  expect(refused.all).toContain("Nothing was changed");
  const { all } = await stack.mustUp();
  for (const text of texts) expect(all).toMatch(text);
  expect(all).not.toMatch(/No such container/);
  await kept();
  expect((await stack.mustUp()).all).toContain("nothing to change");
}

describe("the comparison", () => {
  it("adds less than 0.2 s to an up that has nothing to do", async () => {
    const file = join(stack.folder, ".xnai", ".pulumi", "stacks", "xnai", "dev.json");
    const { resources } = JSON.parse(readFileSync(file, "utf8")).checkpoint.latest;
    const state = { resources, pending: [] };
    const config = parseConfig({ prefix, services: services("caddy", "redis", "qdrant") });
    const times: number[] = [];
    for (let run = 0; run < 9; run++) {
      const start = performance.now();
      const view = await engineView(stack.docker);
      expect(differences({ config, state, view })).toEqual([]);
      expect(await suspiciousPlaces(stack.docker, config, state, view)).toEqual([]);
      times.push(performance.now() - start);
    }
    const median = times.toSorted((a, b) => a - b)[4] as number;
    console.log(`compared in ${median.toFixed(1)} ms`);
    expect(median).toBeLessThan(200);
  });
});

describe("a container", () => {
  it("that is gone, and one that is stopped", async () => {
    const caddy = await idOf("caddy");
    await stack.container("qdrant").stop();
    await remove("redis");
    await putRight(/container e2e-drift_redis is gone/, /container e2e-drift_qdrant is exited: it is started/);
    expect(await idOf("caddy")).toBe(caddy);
  });

  it("that was made anew with its name and labels, as Watchtower does", async () => {
    const old = stack.container("redis");
    const { Id, Config, HostConfig, NetworkSettings } = await old.inspect();
    await old.rename({ name: `${prefix}-old` });
    await stack.docker.getContainer(Id).stop();
    const EndpointsConfig = Object.fromEntries(
      Object.entries(NetworkSettings.Networks).map(([name, { Aliases }]) => [name, { Aliases }]),
    );
    const made = await stack.docker.createContainer({
      ...Config,
      name: `${prefix}_redis`,
      HostConfig,
      NetworkingConfig: { EndpointsConfig },
    } as never);
    await made.start();
    await stack.docker.getContainer(Id).remove();
    await withRedis((client) => client.set("since", "then"));
    await putRight(/container e2e-drift_redis is another one than up made/);
    expect(await withRedis((client) => client.get("since"))).toBe("then");
  });
});

describe("a network", () => {
  it("that somebody made anew, with a stopped container of theirs on it", async () => {
    for (const suffix of ["caddy", "redis", "qdrant"])
      await stack.docker.getNetwork(network).disconnect({ Container: `${prefix}_${suffix}`, Force: true });
    await stack.docker.getNetwork(network).remove();
    await stack.docker.createNetwork({ Name: network, CheckDuplicate: true });
    const neighbour = await startNeighbour(stack.docker, {
      name: guest,
      image: stack.busybox,
      network,
      command: ["sleep", "600"],
    });
    await neighbour.stop({ t: 0 });
    const refused = await stack.up();
    expect(refused.exitCode, refused.all).toBe(3);
    expect(refused.all).toContain(`${guest} is on ${network} (exited`);
    const [command] = /docker network disconnect \S+ [\w-]+/.exec(refused.all) ?? [];
    await execa("sh", ["-c", command as string]);
    await putRight(/network e2e-drift_network is another one than up made/);
    const { Options } = (await stack.docker.getNetwork(network).inspect()) as { Options: Record<string, string> };
    expect(Options["com.docker.network.bridge.enable_ip_masquerade"]).toBe("false");
  });
});

describe("a volume", () => {
  it("with configuration files that was pruned", async () => {
    await remove("redis");
    await stack.docker.getVolume(redisConfig).remove();
    await putRight(/volume e2e-drift_redis_config with files of redis is gone: they are written anew/);
  });

  it("with data that was pruned is never made anew silently; restored under its name, it is taken as it is", async () => {
    await stack.container("redis").stop();
    await onVolume(redisData, "cp -a /data/. /backup/");
    await remove("redis");
    await stack.docker.getVolume(redisData).remove();
    const status = await stack.xnai(["status"]);
    expect(status.all).toMatch(/volume e2e-drift_redis_data with data of redis is gone/);
    const refused = await stack.up();
    expect(refused.exitCode, refused.all).toBe(3);
    expect(refused.all).toMatch(
      /volume e2e-drift_redis_data with data of redis is gone[\s\S]*--accept-data-loss redis/,
    );
    expect((await stack.docker.listVolumes()).Volumes.map(({ Name }) => Name)).not.toContain(redisData);
    await onVolume(redisData, "cp -a /backup/. /data/; rm /data/.xnai");
    await stack.mustUp();
    await kept();
    expect((await stack.mustUp()).all).toContain("nothing to change");
  });

  it("with data that was emptied ends up, unless the user gives the data up", async () => {
    await stack.container("redis").stop();
    await onVolume(redisData, "rm -rf /data/* /data/.xnai");
    const refused = await stack.up();
    expect(refused.exitCode, refused.all).toBe(3);
    expect(refused.all).toMatch(/volume e2e-drift_redis_data with data of redis is empty/);
    expect(await onVolume(redisData, "ls -A /data")).toBe("");
    const other = await stack.up("--accept-data-loss", "qdrant");
    expect(other.exitCode, other.all).toBe(3);
    await stack.mustUp("--accept-data-loss", "redis");
    expect(await withRedis((client) => client.get("kept"))).toBeNull();
    await withRedis((client) => client.set("kept", "yes"));
    await kept();
  });
});

describe("Redis' append-only file with a bad tail", () => {
  it("is named by status, and repaired on a copy", async () => {
    await withRedis((client) => client.set("kept", "yes"));
    await stack.container("redis").stop();
    const broken = await onVolume(
      redisData,
      "cd /data/appendonlydir; f=$(ls *.incr.aof | tail -n 1); printf 'nonsense' >> $f; cat $f | md5sum",
    );
    const failed = await stack.up();
    expect(failed.exitCode, failed.all).toBe(1);
    expect(failed.all).toContain("npm run up -- --repair redis");
    const status = await stack.xnai(["status"]);
    expect(status.all).toMatch(/redis: .*append-only file.*--repair redis/);
    const repaired = await stack.mustUp("--repair", "redis");
    expect(repaired.all).toMatch(
      /8 of its \d+ bytes, from the damage to the end, are cut off; the file as it was is kept in appendonlydir\.damaged-/,
    );
    expect(
      await onVolume(redisData, "cd /data/appendonlydir.damaged-*; cat $(ls *.incr.aof | tail -n 1) | md5sum"),
    ).toBe(broken);
    await kept();
    expect((await stack.mustUp("--repair", "redis")).all).not.toContain("cut off");
  });
});

describe("an address that this machine does not have", () => {
  const address = "192.168.77.1";
  const link = (verb: string) => execa("ip", ["address", verb, `${address}/32`, "dev", "lo"]);

  it("ends up before anything is changed", async () => {
    const before = await idOf("caddy");
    await stack.configure({ exposure: { ...exposure(base), caddy: { address, port: base } } });
    const refused = await stack.up();
    expect(refused.exitCode, refused.all).toBe(3);
    expect(refused.all).toMatch(/exposure\.caddy\.address is 192\.168\.77\.1, .*not one of this machine's/);
    expect(await idOf("caddy")).toBe(before);
  });

  it.skipIf(!ownNamespace)("after a boot is named by status, and up heals once it is there", async () => {
    await link("add");
    await stack.mustUp();
    await endOwnEngine("SIGTERM", "SIGTERM");
    await link("del");
    await startOwnEngine();
    const status = await stack.xnai(["status"]);
    expect(status.exitCode, status.all).toBe(1);
    expect(status.all).toMatch(/caddy: the address 192\.168\.77\.1 is not one of this machine's/);
    expect((await stack.up()).exitCode).toBe(3);
    await link("add");
    const healed = await stack.mustUp();
    expect(healed.all).toMatch(/container e2e-drift_caddy is \w+: it is started/);
    await kept();
    await stack.configure({ exposure: exposure(base) });
    await stack.mustUp();
    await link("del");
  });
});

describe("destroy", () => {
  it("names a stopped neighbour on a network, and removes a container that was made anew in the place of its own", async () => {
    const neighbour = await startNeighbour(stack.docker, {
      name: guest,
      image: stack.busybox,
      network,
      command: ["sleep", "600"],
    });
    await neighbour.stop({ t: 0 });
    const refused = await stack.xnai(["destroy", "--yes"]);
    expect(refused.exitCode, refused.all).toBe(3);
    expect(refused.all).toContain(`${guest} is on ${network} (exited`);
    await removeNeighbour(stack.docker, guest);
    await remove("qdrant");
    const { exitCode, all } = await stack.xnai(["destroy", "--yes"]);
    expect(exitCode, all).toBe(0);
    await stack.mustUp();
    await kept();
  });
});
