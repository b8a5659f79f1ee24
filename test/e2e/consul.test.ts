// Consul on a real engine: elected, closed, in step with the configuration, ready for agents, and none of it lost by a
// rotation, a crash or a new address.
import { isDeepStrictEqual } from "node:util";
import type Docker from "dockerode";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { askConsul } from "../support/consul.ts";
import { logOf, logWith } from "../support/data.ts";
import { bareImage } from "../support/images.ts";
import { eventually, removeNeighbour, startNeighbour } from "../support/neighbour.ts";
import { reference } from "../support/reference.ts";
import { TestStack } from "../support/stack.ts";

const prefix = "e2e-consul";
const port = 18502;
const api = `http://127.0.0.1:${port}`;
const neighbours = ["agent", "tokenless", "stranger", "squatter", "stale"].map((name) => `${prefix}-${name}`);

let stack: TestStack;
let outputs: Record<string, string>;
const token = (name: string) => outputs[`consul${name}Token`] as string;

beforeAll(async () => {
  stack = await TestStack.create(prefix, {
    services: { vikunja: false, postgres: false, qdrant: false },
    exposure: { caddy: { port: 18500 }, redis: { port: 18501 }, consul: { port } },
  });
  await stack.mustUp();
  outputs = (await stack.outputs()) as Record<string, string>;
  // What must not be lost: a key, and a service that somebody registered.
  await eventually(
    20,
    () => ask("/v1/kv/key", token("Management"), "PUT", "kept"),
    ({ status }) => status === 200,
  );
  expect((await ask("/v1/agent/service/register", token("Registrar"), "PUT", { Name: "rag", Port: 1 })).status).toBe(
    200,
  );
});

afterAll(async () => {
  for (const name of neighbours) await removeNeighbour(stack.docker, name);
  await stack?.close();
});

const ask = (path: string, secret?: string, method = "GET", body?: unknown) =>
  askConsul(api, secret, path, method, typeof body === "string" ? body : JSON.stringify(body));
const get = async <T>(path: string, secret = token("Viewer")): Promise<T> =>
  (await (await ask(path, secret)).json()) as T;

interface Check {
  Node: string;
  ServiceName: string;
  Status: string;
}
const checks = async () =>
  Object.fromEntries(
    (await get<Check[]>("/v1/health/state/any"))
      .filter(({ ServiceName }) => ServiceName)
      .map(({ ServiceName, Status }) => [ServiceName, Status]),
  );

const leader = async () => (await (await ask("/v1/status/leader")).json()) as string;
const addressOf = async (container: Docker.Container) =>
  (await container.inspect()).NetworkSettings.Networks[`${prefix}_network`]?.IPAddress as string;
const elected = () => eventually(30, leader, (address) => address.includes(":"));

/** A Consul agent as somebody else would run it, in another container on the stack's network. */
async function startAgent(name: string, gossipKey: string, agentToken?: string): Promise<Docker.Container> {
  const image = (await stack.container("consul").inspect()).Config.Image;
  const config = {
    node_name: name,
    retry_join: ["consul"],
    retry_interval: "1s",
    bind_addr: '{{ GetInterfaceIP "eth0" }}',
    client_addr: "0.0.0.0",
    disable_update_check: true,
    encrypt: gossipKey,
    acl: { enabled: true, default_policy: "deny", ...(agentToken && { tokens: { agent: agentToken } }) },
    service: { name: `work-of-${name}`, port: 9, ...(agentToken && { token: token("Registrar") }) },
  };
  return startNeighbour(stack.docker, {
    name,
    image,
    network: `${prefix}_network`,
    user: "100:1000",
    env: ["CONSUL_DISABLE_PERM_MGMT=1", "CHECKPOINT_DISABLE=1"],
    command: ["agent"],
    files: { "/consul/config/agent.json": JSON.stringify(config) },
  });
}

/** A server that has just started has no leader yet for a moment, and tells its catalogue of its services a little later. */
async function kept() {
  const key = async () => (await ask("/v1/kv/key?raw", token("Management"))).text();
  await eventually(30, key, (text) => text === "kept");
  await inCatalogue("rag");
}
const inCatalogue = (service: string) =>
  eventually(
    30,
    () => get<object>("/v1/catalog/services"),
    (found) => service in found,
  );
const nodes = async () => (await get<{ Node: string }[]>("/v1/catalog/nodes")).map(({ Node }) => Node);

describe("Consul", () => {
  it("has elected itself and sees the stack's services pass", async () => {
    expect(await elected()).toBe(`${await addressOf(stack.container("consul"))}:8300`);
    const passing = { caddy: "passing", redis: "passing" };
    await eventually(30, checks, (found) => isDeepStrictEqual(found, passing));
    const shown = await get<{ Name: string; ChecksCritical: number }[]>("/v1/internal/ui/services");
    expect(shown.map(({ Name, ChecksCritical }) => [Name, ChecksCritical])).toEqual([
      ["caddy", 0],
      ["consul", 0],
      ["rag", 0],
      ["redis", 0],
    ]);
  });

  it("tells nothing and takes nothing without a token", async () => {
    expect((await ask("/ui/")).status).toBe(200);
    expect(await get("/v1/catalog/services", "")).toEqual({});
    expect(await get("/v1/catalog/nodes", "")).toEqual([]);
    for (const [method, path] of [
      ["GET", "/v1/agent/self"],
      ["GET", "/v1/agent/metrics"],
      ["GET", "/v1/acl/tokens"],
      ["PUT", "/v1/acl/bootstrap"],
      ["PUT", "/v1/kv/key"],
      ["PUT", "/v1/agent/leave"],
      ["GET", "/v1/snapshot"],
    ] as const)
      expect([path, (await ask(path, undefined, method, method === "PUT" ? "{}" : undefined)).status]).toEqual([
        path,
        403,
      ]);
    expect((await ask("/v1/agent/service/register", undefined, "PUT", { Name: "x" })).status).toBe(403);
    expect((await ask("/v1/agent/self", "00000000-0000-0000-0000-000000000002")).status).toBe(403);
  });

  it("listens on its HTTP and cluster ports and no others", async () => {
    const { stdout } = await stack.exec("consul", ["sh", "-c", "cat /proc/net/tcp /proc/net/tcp6"]);
    const listening = stdout
      .split("\n")
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state]) => state === "0A")
      .map(([, local]) => Number.parseInt(local?.split(":")[1] ?? "", 16));
    // The engine's resolver listens on a port of its own choice at 127.0.0.11.
    const resolver = stdout.match(/0B00007F:([0-9A-F]{4}) 00000000:0000 0A/)?.[1] ?? "";
    expect(listening.filter((item) => item !== Number.parseInt(resolver, 16)).toSorted()).toEqual([8300, 8301, 8500]);
  });

  it("gives each token what it is for, and no more", async () => {
    const register = (secret: string, service: object) => ask("/v1/agent/service/register", secret, "PUT", service);
    expect((await register(token("Registrar"), { Name: "rag", Port: 2 })).status).toBe(200);
    expect((await register(token("Registrar"), { Name: "redis", ID: "mine", Port: 1 })).status).toBe(403);
    expect((await register(token("Registrar"), { Name: "mine", ID: "redis", Port: 1 })).status).toBe(403);
    expect((await register(token("Viewer"), { Name: "rag" })).status).toBe(403);
    expect((await register(token("Agent"), { Name: "rag" })).status).toBe(403);
    const node = (Node: string) =>
      ask("/v1/catalog/register", token("Agent"), "PUT", { Node, Address: "10.0.0.1", SkipNodeUpdate: false });
    expect((await node(`${prefix}-consul`)).status).toBe(403);
    for (const name of ["Agent", "Registrar", "Viewer"]) {
      expect((await ask("/v1/acl/tokens", token(name))).status, name).toBe(403);
      expect((await ask("/v1/kv/key", token(name), "PUT", "x")).status, name).toBe(403);
    }
  });

  it("gives an app a token of its own, registers it, and forgets both with it, while it runs on", async () => {
    const image = "localhost/xnai-test/consul-app:latest";
    await bareImage(stack.docker, image, "app");
    const { Id } = await stack.container("consul").inspect();
    const env = { CONSUL_TOKEN: { file: reference("consul.token") } };
    await stack.configure({
      apps: { bus_agent: { image, env, health: { http: "/", port: 8000 }, limits: { memoryMiB: 32 } } },
    });
    await stack.mustUp();
    const file = "/run/xnai/secrets/CONSUL_TOKEN";
    const { stdout: own } = await stack.exec("bus_agent", ["/run/xnai/busybox", "cat", file]);
    await eventually(20, checks, ({ bus_agent }) => bus_agent === "passing");
    const register = async (secret: string, Name: string) =>
      (await ask("/v1/agent/service/register", secret, "PUT", { Name, Port: 8000 })).status;
    expect(await register(own, "bus_agent")).toBe(200);
    for (const name of ["rag", "redis", "consul"]) expect([name, await register(own, name)]).toEqual([name, 403]);
    expect(await register(token("Registrar"), "bus_agent")).toBe(403);
    expect((await ask("/v1/kv/key", own)).status).toBe(403);
    expect((await ask("/v1/acl/tokens", own)).status).toBe(403);
    await stack.configure({ apps: {} });
    await stack.mustUp();
    expect((await ask("/v1/acl/token/self", own)).status).toBe(403);
    await eventually(
      20,
      () => get<object>("/v1/catalog/services"),
      (all) => !("bus_agent" in all),
    );
    expect((await stack.container("consul").inspect()).Id).toBe(Id);
    const policies = await get<{ Name: string }[]>("/v1/acl/policies", token("Management"));
    expect(policies.map(({ Name }) => Name)).not.toContain(`${prefix}-app-bus_agent`);
  });

  it("shows within 15 seconds that a service has died, and that it is back", async () => {
    await stack.container("redis").stop();
    const start = Date.now();
    await eventually(15, checks, ({ redis, caddy }) => redis === "critical" && caddy === "passing");
    console.log(`a dead Redis was shown after ${((Date.now() - start) / 1000).toFixed(1)} s`);
    await stack.container("redis").start();
    await eventually(15, checks, ({ redis }) => redis === "passing");
  });

  it("lets an agent join that has gossip key and token, and no other", async () => {
    const [name, tokenless, stranger] = neighbours as [string, string, string];
    const strangersKey = Buffer.alloc(32, 7).toString("base64");
    await startAgent(name, outputs.consulGossipKey as string, token("Agent"));
    const without = await startAgent(tokenless, outputs.consulGossipKey as string);
    const outside = await startAgent(stranger, strangersKey, token("Agent"));
    const services = () => get<Record<string, string[]>>("/v1/catalog/services");
    await eventually(30, services, (found) => `work-of-${name}` in found);
    const [entry] = await get<{ Node: string }[]>(`/v1/catalog/service/work-of-${name}`);
    expect(entry?.Node).toBe(name);
    // Their time is up when both have been refused.
    await logWith(without, "Permission denied");
    await logWith(stack.container("consul"), "No installed keys could decrypt");
    expect(await nodes()).not.toContain(stranger);
    expect(Object.keys(await services()).filter((item) => item.startsWith("work-of"))).toEqual([`work-of-${name}`]);
    await logWith(outside, "Join cluster failed");
  });

  it("elects itself on a new address with its old data", async () => {
    const container = stack.container("consul");
    const before = await addressOf(container);
    await container.stop();
    await startNeighbour(stack.docker, {
      name: `${prefix}-squatter`,
      image: stack.busybox,
      network: `${prefix}_network`,
      command: ["sleep", "600"],
    });
    expect(await addressOf(stack.docker.getContainer(`${prefix}-squatter`))).toBe(before);
    await container.start();
    const start = Date.now();
    const now = await addressOf(container);
    await eventually(30, leader, (address) => address === `${now}:8300`);
    console.log(`leader on a new address ${((Date.now() - start) / 1000).toFixed(1)} s after the start`);
    expect(now).not.toBe(before);
    await kept();
    await removeNeighbour(stack.docker, `${prefix}-squatter`);
    // The agent that joined knows the old address only. It gives that up after some 8 s, keeps the name for it for another
    // 30 s (Consul's DeadNodeReclaimTime), and hears the new one within the next exchange or two of 30 s each.
    const fromAgent = ["wget", "-q", "-O-", "--header", `X-Consul-Token: ${token("Viewer")}`];
    const through = () =>
      execa("docker", ["exec", `${prefix}-agent`, ...fromAgent, "http://127.0.0.1:8500/v1/catalog/nodes"]);
    await eventually(150, through, ({ stdout }) => stdout.includes(`${now}`));
    console.log(`reached by its agent ${((Date.now() - start) / 1000).toFixed(1)} s after the start`);
    await container.restart();
    await elected();
    await container.kill();
    await container.start();
    await elected();
    await kept();
  });

  let snapshot: ArrayBuffer;

  it("takes new tokens and a new gossip key, refuses the old ones and loses nothing", async () => {
    const old = outputs;
    snapshot = await (await ask("/v1/snapshot", token("Management"))).arrayBuffer();
    const redis = (await stack.container("redis").inspect()).Id;
    const names = ["Management", "Agent", "Registrar", "Viewer"].map((name) => `consul${name}Token`);
    await stack.configure({ rotate: Object.fromEntries([...names, "consulGossipKey"].map((name) => [name, 1])) });
    await stack.mustUp();
    outputs = (await stack.outputs()) as Record<string, string>;
    for (const name of names) {
      expect(outputs[name]).not.toBe(old[name]);
      expect([name, (await ask("/v1/acl/token/self", old[name])).status]).toEqual([name, 403]);
      expect([name, (await ask("/v1/acl/token/self", outputs[name])).status]).toEqual([name, 200]);
    }
    await kept();
    await eventually(20, checks, ({ redis, caddy }) => redis === "passing" && caddy === "passing");
    expect((await stack.container("redis").inspect()).Id, "nothing else was touched").toBe(redis);

    for (const name of neighbours.slice(0, 3)) await removeNeighbour(stack.docker, name);
    await startAgent(`${prefix}-stale`, old.consulGossipKey as string, token("Agent"));
    await startAgent(`${prefix}-agent`, outputs.consulGossipKey as string, token("Agent"));
    const work = async () => Object.keys(await get<object>("/v1/catalog/services"));
    await eventually(30, work, (found) => found.includes(`work-of-${prefix}-agent`));
    expect(await nodes()).not.toContain(`${prefix}-stale`);
  });

  it("has its policies and tokens put right by `up --repair consul`", async () => {
    const policies = await get<{ ID: string; Name: string }[]>("/v1/acl/policies", token("Management"));
    const viewer = policies.find(({ Name }) => Name === `${prefix}-viewer`);
    const management = token("Management");
    await ask(`/v1/acl/policy/${viewer?.ID}`, management, "DELETE");
    const tokens = await get<{ AccessorID: string; Description: string }[]>("/v1/acl/tokens", management);
    const registrar = tokens.find(({ Description }) => Description === `${prefix} registrar`);
    await ask(`/v1/acl/token/${registrar?.AccessorID}`, management, "DELETE");
    expect((await ask("/v1/acl/token/self", token("Registrar"))).status).toBe(403);
    await stack.mustUp("--repair", "consul");
    expect((await ask("/v1/acl/token/self", token("Registrar"))).status).toBe(200);
    await inCatalogue("caddy");
    const after = await get<{ Description: string }[]>("/v1/acl/tokens", management);
    expect(after.length).toBe(tokens.length);
  });

  it("has its tokens compared by status after a snapshot from before a renewal, and put right by a repair", async () => {
    const warnings = async () => {
      const { exitCode, stdout } = await stack.xnai(["status", "--json"]);
      const services = JSON.parse(stdout) as { service: string; warnings: string[] }[];
      return { exitCode, said: services.flatMap(({ warnings }) => warnings).join() };
    };
    expect(await warnings()).toEqual({ exitCode: 0, said: "" });
    const restored = await fetch(`${api}/v1/snapshot`, {
      method: "PUT",
      headers: { "X-Consul-Token": token("Management") },
      body: snapshot,
    });
    expect(restored.status).toBe(200);
    await elected();
    expect(await warnings()).toEqual({
      exitCode: 0,
      said: expect.stringMatching(
        /refuses the stack's token for agent, registrar, viewer, and an earlier management token is valid.*--repair consul/s,
      ),
    });
    await stack.mustUp("--repair", "consul");
    for (const name of ["Management", "Agent", "Registrar", "Viewer"])
      expect([name, (await ask("/v1/acl/token/self", token(name))).status]).toEqual([name, 200]);
    expect(await warnings()).toEqual({ exitCode: 0, said: "" });
    await kept();
  });

  it("proposes nothing when nothing has changed", async () => {
    for (const flags of [[], ["--refresh"]]) {
      const ran = await stack.up("--expect-no-changes", ...flags);
      expect([flags, ran.exitCode, ran.exitCode === 0 ? "" : ran.all]).toEqual([flags, 0, ""]);
    }
  });

  it("shows no secret to whoever may look at containers and logs", async () => {
    const secrets = Object.values(outputs).filter((value) => typeof value === "string" && value.length >= 32);
    expect(secrets.length).toBeGreaterThan(4);
    for (const { Id, Names } of await stack.docker.listContainers({
      all: true,
      filters: { label: [`io.xnai.stack=${prefix}`] },
    })) {
      const container = stack.docker.getContainer(Id);
      const seen = JSON.stringify(await container.inspect()) + (await logOf(container));
      for (const secret of secrets) expect(seen.includes(secret), `a secret in ${Names[0]}`).toBe(false);
    }
  });
});
