// The example of the foundation, brought up word for word as its page says, on a real engine: six apps that use every service.
import { readFile, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import Docker from "dockerode";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Document, parseDocument } from "yaml";
import { logWith } from "../support/data.ts";
import { attempts, hostile, prelude } from "../support/hostile.ts";
import { eventually } from "../support/neighbour.ts";
import { cloneCheckout } from "../support/stack.ts";

const door = "http://127.0.0.1:8000";
const docker = new Docker();
let folder: string;

const npm = (script: string, ...args: string[]) =>
  execa("npm", ["run", "--silent", script, "--", ...args], {
    cwd: folder,
    reject: false,
    all: true,
    input: "",
    env: { NO_COLOR: "1" },
  });

beforeAll(async () => {
  folder = await cloneCheckout("e2e-foundation");
  const { exitCode, all } = await npm("example", "--yes");
  expect(exitCode, all).toBe(0);
});
afterAll(async () => {
  const { exitCode, all } = await npm("destroy", "--stack", "foundation", "--yes", "--data");
  await rm(dirname(folder), { recursive: true, force: true });
  expect(exitCode, all).toBe(0);
});

const container = (name: string) => docker.getContainer(`foundation_${name}`);

/** What comes first of an answer, once it is as long. @param headers of the request */
function firstOf(path: string, length: number, headers: Record<string, string> = {}): Promise<string> {
  return new Promise((done, failed) => {
    const asked = request(`${door}${path}`, { headers });
    let text = "";
    const taken = (chunk: Buffer) => {
      text += chunk.toString("latin1");
      if (text.length < length) return;
      asked.destroy();
      done(text);
    };
    asked.once("error", failed);
    asked.once("response", (answer) => answer.on("data", taken));
    asked.once("upgrade", (answer, socket, head) => {
      text = `${answer.statusCode} ${answer.headers["sec-websocket-accept"]} `;
      taken(head);
      socket.on("data", taken);
    });
    asked.end();
  });
}

/** A stream that stays open until somebody closes it. */
function opened(path: string, headers: Record<string, string> = {}): Promise<Socket> {
  return new Promise((done, failed) => {
    const asked = request(`${door}${path}`, { headers, agent: false });
    asked.once("error", failed);
    asked.once("response", (answer) => done(answer.resume().socket));
    asked.once("upgrade", (_, socket) => done((socket as Socket).resume()));
    asked.end();
  });
}

/** A server of this machine, beside the stack. */
const listening = (address: string) =>
  new Promise<Server>((done) => {
    const server = createServer((socket) => socket.end("hello"));
    server.listen(0, address, () => done(server));
  });

test("a question finds its context, goes over the bus, and is curated once", async () => {
  const { question, context } = (await (await fetch(`${door}/api/ask?q=Qdrant+finds+what+is+alike`)).json()) as Record<
    string,
    string
  >;
  expect([question, context]).toEqual(["Qdrant finds what is alike", "Qdrant finds what is alike"]);
  await logWith(container("curation"), "curated ");
  const library = ["/run/xnai/busybox", "sh", "-c", "cat /library/*"];
  const { stdout } = await execa("docker", ["exec", "foundation_curation", ...library]);
  expect(stdout).toBe("Qdrant finds what is alike");
});

test("server-sent events come as they are sent, and a WebSocket stays open", async () => {
  expect(await firstOf("/api/events", 10)).toMatch(/^data: \d+\n\ndata: \d+/);
  const upgraded = await firstOf("/chainlit/ws", 40, {
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
  });
  // The key and what becomes of it are the example of RFC 6455.
  expect(upgraded).toMatch(/^101 s3pPLMBiTxaQ9kYGzzhZRbK\+xOo= (..\d){2}/);
});

test("the docs are under their own name, and the agents know each other", async () => {
  expect(await firstOf("/", 15, { host: "docs.localhost:8000" })).toContain("<title>Docs</title>");
  await logWith(container("watcher"), "agent:coordinator");
  await logWith(container("coordinator"), "registered in Consul");
});

test("the bus works, and says what ran against a stand-in", async () => {
  const ran = await eventually(
    60,
    () => npm("smoke", "--stack", "foundation"),
    ({ exitCode }) => exitCode === 0,
  );
  expect(ran.exitCode, ran.all).toBe(0);
  expect(ran.all).toContain("stand-in");
});

test("an app with a limit of its own takes larger uploads, and nobody else", async () => {
  const size = 70 * 2 ** 20;
  const sent = (path: string) => fetch(`${door}${path}`, { method: "POST", body: new Uint8Array(size) });
  expect(await (await sent("/api/documents")).text()).toBe(`${size}\n`);
  expect((await sent("/chainlit/documents")).status).toBe(413);
});

test("a changed route ends no stream", async () => {
  const upgrade = { connection: "Upgrade", upgrade: "websocket", "sec-websocket-version": "13" };
  const socket = await opened("/chainlit/ws", { ...upgrade, "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==" });
  const events = await opened("/api/events");
  const file = join(folder, "Pulumi.foundation.yaml");
  const document = parseDocument(await readFile(file, "utf8"));
  document.setIn(["config", "xnai:apps", "docs_site", "route", "host"], "pages.localhost");
  document.setIn(["config", "xnai:apps", "hostile"], hostile);
  await writeFile(file, document.toString());
  const { exitCode, all } = await npm("up", "--stack", "foundation", "--yes");
  expect(exitCode, all).toBe(0);
  expect(await firstOf("/", 15, { host: "pages.localhost:8000" })).toContain("<title>Docs</title>");
  // The configuration of before has ten seconds to end what it still has to do.
  await sleep(12_000);
  for (const stream of [socket, events]) {
    const before = stream.bytesRead;
    await eventually(
      10,
      async () => stream.bytesRead,
      (now) => now > before,
    );
    stream.destroy();
  }
});

test.each(attempts)("an app that was taken over tries: %s", async (_, command, outcome) => {
  const { all } = await execa("docker", ["exec", "foundation_hostile", "sh", "-c", `${prelude}; ${command}`], {
    reject: false,
    all: true,
  });
  expect(all).toMatch(outcome);
});

test("it reaches what a program on the machine offers on every address, and not what is on loopback", async () => {
  const servers = await Promise.all(["0.0.0.0", "127.0.0.1"].map((address) => listening(address)));
  const gateway = "$(ip route | sed -n 's/^default via \\([^ ]*\\).*/\\1/p')";
  const outcomes = servers.map(async (server) => {
    const { port } = server.address() as AddressInfo;
    const command = `nc -w 3 ${gateway} ${port} </dev/null && echo reached`;
    const { all } = await execa("docker", ["exec", "foundation_hostile", "sh", "-c", command], {
      reject: false,
      all: true,
    });
    server.close();
    return all.includes("reached");
  });
  expect(await Promise.all(outcomes)).toEqual([true, false]);
});

test("its credentials are renewed, and end with it, while everybody else goes on", async () => {
  const others = ["qdrant", "redis", "vikunja", "vikunja_db", "rag_api"];
  const started = () =>
    Promise.all(
      others.map(async (name) => {
        const { Id, State } = await container(name).inspect();
        return [name, Id, State.StartedAt];
      }),
    );
  const credentials = async () => {
    const show = `${prelude}; echo "QDRANT_KEY=$QDRANT_KEY; VIKUNJA_TOKEN=$VIKUNJA_TOKEN"`;
    return (await execa("docker", ["exec", "foundation_hostile", "sh", "-c", show])).stdout;
  };
  const outcome = async (with_: string) => {
    const asked = `. /app/common.sh; ${with_}; qdrant GET /collections/hostile; vikunja GET /projects`;
    return (await execa("docker", ["exec", "foundation_chat", "sh", "-c", asked])).stdout;
  };
  const file = join(folder, "Pulumi.foundation.yaml");
  const edited = async (edit: (document: Document) => void) => {
    const document = parseDocument(await readFile(file, "utf8"));
    edit(document);
    await writeFile(file, document.toString());
    const { exitCode, all } = await npm("up", "--stack", "foundation", "--yes");
    expect(exitCode, all).toBe(0);
    return all;
  };
  const good = /"status":"green"[\s\S]*"title":"Hostile"/;
  const refused = /stateful validation failed[\s\S]*"code":11,/;
  const [before, first] = [await started(), await credentials()];
  expect(await outcome(first)).toMatch(good);
  await edited((document) => document.setIn(["config", "xnai:apps", "hostile", "rotation"], 1));
  const second = await credentials();
  expect(await outcome(first)).toMatch(refused);
  expect(await outcome(second)).toMatch(good);
  const all = await edited((document) => document.deleteIn(["config", "xnai:apps", "hostile"]));
  expect(all).toContain("Qdrant: the token of hostile is no longer valid");
  expect(all).toContain("Vikunja: the token of bot-hostile is no longer valid");
  expect(await outcome(second)).toMatch(refused);
  expect(await started()).toEqual(before);
  const state = await readFile(join(folder, ".xnai/.pulumi/stacks/xnai/foundation.json"), "utf8");
  for (const secret of `${first}; ${second}`.match(/(?<==)[^;]+/g) ?? []) expect(state).not.toContain(secret);
});

test("a second time nothing is left to do", async () => {
  const { exitCode, all } = await npm("example", "--yes", "--expect-no-changes");
  expect(exitCode, all).toBe(0);
});
