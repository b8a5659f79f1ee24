// The front door on a real engine: what the user starts later is served, and no trick with path, host or protocol reaches
// what no route names.
import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import WebSocket from "ws";
import { logWith } from "../support/data.ts";
import { eventually } from "../support/neighbour.ts";
import { TestStack } from "../support/stack.ts";
import { Upstream } from "../support/upstream.ts";

const prefix = "e2e-routes";
const port = 18520;
const calendarPort = 18521;
const door = `http://127.0.0.1:${port}`;

let stack: TestStack;
let rag: Upstream;
let notes: Upstream;
let chainlit: Upstream;
let vikunja: Upstream;

beforeAll(async () => {
  stack = await TestStack.create(prefix, {
    services: { redis: false, consul: false, vikunja: false, postgres: false, qdrant: false },
    exposure: { caddy: { port }, vikunja: { port: calendarPort } },
    caddy: {
      hosts: ["box.lan"],
      routes: [
        { path: "/api", upstream: `${prefix}_rag:8000` },
        { path: "/chainlit", upstream: `${prefix}_chainlit:8001` },
        { path: "/notes", upstream: `${prefix}_notes:80`, stripPrefix: true },
      ],
    },
  });
  await stack.mustUp();
});

afterAll(async () => {
  for (const upstream of [rag, notes, chainlit, vikunja]) await upstream?.close();
  await stack?.close();
});

async function upstream(name: string, containerPort: number, network = "network", aliases: string[] = []) {
  const image = stack.busybox;
  const at = `${prefix}_${name}`;
  return Upstream.start(stack.docker, {
    name: at,
    network: `${prefix}_${network}`,
    aliases,
    port: containerPort,
    image,
  });
}

/** Sends the bytes as they are and gives back the first line of the answer; "" when the connection ends without one. */
async function raw(bytes: string, seconds = 10): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  let answer = "";
  socket.setTimeout(seconds * 1000, () => socket.destroy());
  socket.on("data", (data) => {
    answer += data;
    if (answer.includes("\r\n")) socket.destroy();
  });
  socket.on("error", () => {});
  socket.write(bytes);
  await once(socket, "close");
  return answer.split("\r\n")[0] ?? "";
}
const ask = (target: string, headers = "Host: localhost\r\n", method = "GET") =>
  raw(`${method} ${target} HTTP/1.1\r\n${headers}Connection: close\r\n\r\n`);
const status = async (...args: Parameters<typeof ask>) => Number((await ask(...args)).split(" ")[1] ?? 0);

const seen = () => [rag, notes, chainlit, vikunja].reduce((sum, { requests }) => sum + requests.length, 0);

describe("a route to a container that is not there", () => {
  it("answers 502 within a second, in words", async () => {
    for (const path of ["/api/x", "/chainlit/", "/notes", "/vikunja/api/v1/info"]) {
      const start = performance.now();
      const answer = await fetch(door + path);
      const seconds = (performance.now() - start) / 1000;
      expect([path, answer.status]).toEqual([path, 502]);
      expect(await answer.text()).toMatch(/not running.*served as soon as/);
      expect(answer.headers.get("cache-control")).toBe("no-store");
      expect(seconds, path).toBeLessThan(1.2);
    }
  });
});

/** Once; the first test wants them not to be there. */
async function startUpstreams() {
  if (rag) return;
  rag = await upstream("rag", 8000);
  chainlit = await upstream("chainlit", 8001);
  notes = await upstream("notes", 80);
  // On Vikunja's own network, under its own name: what reaches it must have come through /vikunja/api.
  vikunja = await upstream("instead_of_vikunja", 3456, "web", ["vikunja"]);
  await eventually(
    10,
    () => fetch(`${door}/api/ready`),
    ({ ok }) => ok,
  );
}

describe("with the user's containers", () => {
  beforeAll(startUpstreams);

  it("serves them without an up, and says 502 again when they are gone", async () => {
    expect(await (await fetch(`${door}/chainlit/a?b=c`)).text()).toBe("/chainlit/a?b=c");
    const gone = await upstream("short-lived", 8001, "network", [`${prefix}_chainlit`]);
    await chainlit.close();
    expect(await (await fetch(`${door}/chainlit/`)).text()).toBe("/chainlit/");
    await gone.close();
    await eventually(
      5,
      () => fetch(`${door}/chainlit/`),
      (answer) => answer.status === 502,
    );
    chainlit = await upstream("chainlit", 8001);
    await eventually(
      10,
      () => fetch(`${door}/chainlit/`),
      ({ ok }) => ok,
    );
  });

  it("gives programs all of Vikunja at its own port, by bare address, calendars too", async () => {
    const at = (path: string, method = "GET") =>
      fetch(`http://127.0.0.1:${calendarPort}${path}`, { method, redirect: "manual" });
    vikunja.answer = ({ url, method }, response) => {
      if (url === "/.well-known/caldav") response.writeHead(301, { location: "/dav/principals/" });
      response.end(`${method} ${url}`);
    };
    for (const path of ["/", "/api/v1/info", "/dav/projects/1/a.ics"])
      expect(await (await at(path)).text()).toBe(`GET ${path}`);
    expect((await at("/.well-known/caldav")).headers.get("location")).toBe("/dav/principals/");
    for (const method of ["PROPFIND", "REPORT", "PUT", "DELETE"])
      expect(await (await at("/dav/projects/1", method)).text()).toBe(`${method} /dav/projects/1`);
    expect((await at("/api/v1/docs")).status).toBe(404);
    expect((await at("/")).headers.get("content-security-policy")).toContain("default-src 'none'");
    vikunja.answer = ({ url }, response) => response.end(`${url}`);
    // At the front door a program is told where calendars are, and gets no page for an answer.
    for (const method of ["GET", "PROPFIND"]) {
      const answer = await fetch(`${door}/vikunja/dav/`, { method, redirect: "manual" });
      expect([answer.status, await answer.text()]).toEqual([
        404,
        `404: calendars are at http://127.0.0.1:${calendarPort}/dav/`,
      ]);
    }
    expect((await fetch(`${door}/vikunja/x`, { method: "PROPFIND", redirect: "manual" })).status).toBe(404);
    const page = await fetch(`${door}/vikunja/`, { redirect: "manual" });
    expect(page.headers.get("location")).toBe(`http://127.0.0.1:${calendarPort}/`);
  });

  it("keeps or strips the prefix, and takes nothing that merely begins alike", async () => {
    const get = async (path: string) => (await fetch(door + path)).text();
    expect(await get("/api")).toBe("/api");
    expect(await get("/api/a%2Fb?q=%20&r")).toBe("/api/a%2Fb?q=%20&r");
    expect(await get("/notes")).toBe("/");
    expect(await get("/notes/a%2Fb?q=/notes/")).toBe("/a%2Fb?q=/notes/");
    expect(await get("/vikunja/api/v1/info")).toBe("/api/v1/info");
    for (const path of ["/apix", "/ap", "/notesandmore", "/vikunjax/api/v1/info"])
      expect([path, (await fetch(door + path)).status]).toEqual([path, 404]);
  });

  it("tells them who asked, and believes no client about it", async () => {
    await fetch(`${door}/api/who`, {
      headers: { "X-Forwarded-For": "1.2.3.4", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https" },
    });
    const headers = rag.requests.at(-1)?.headers;
    expect(headers?.["x-forwarded-for"]).not.toContain("1.2.3.4");
    expect(headers?.["x-forwarded-host"]).toBe(`127.0.0.1:${port}`);
    expect(headers?.["x-forwarded-proto"]).toBe("http");
  });

  it("passes WebSockets on, big messages and long silences too", async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/chainlit/ws/socket.io/?EIO=4`);
    await once(socket, "open");
    const echo = async (data: string | Buffer) => {
      socket.send(data);
      const [answer] = await once(socket, "message");
      return answer as Buffer;
    };
    expect(`${await echo("hello")}`).toBe("hello");
    const big = Buffer.alloc(1_000_000, 7);
    expect((await echo(big)).equals(big)).toBe(true);
    // Longer than the time that a request may take to say what it wants.
    await new Promise((done) => setTimeout(done, 12_000));
    expect(`${await echo("still there")}`).toBe("still there");
    expect(chainlit.requests.at(-1)?.url).toBe("/chainlit/ws/socket.io/?EIO=4");
    socket.close();
    await once(socket, "close");
  });

  it("passes on what an answer says while it is being made, however long that takes", async () => {
    rag.answer = (_, response) => {
      response.writeHead(200, { "Content-Type": "text/event-stream" });
      response.write("data: first\n\n");
      setTimeout(() => response.end("data: last\n\n"), 12_000);
    };
    try {
      const start = performance.now();
      const { body } = await fetch(`${door}/api/stream`);
      const reader = body?.getReader();
      const first = await reader?.read();
      expect(Buffer.from(first?.value ?? []).toString()).toContain("first");
      expect(performance.now() - start).toBeLessThan(5_000);
      const last = await reader?.read();
      expect(Buffer.from(last?.value ?? []).toString()).toContain("last");
    } finally {
      rag.answer = (request, response) => response.end(`${request.url}`);
    }
  });

  it("limits what a request may weigh, and how long it may take to begin", async () => {
    let received = 0;
    rag.answer = (request, response) => {
      request.on("data", (chunk: Buffer) => {
        received += chunk.length;
      });
      request.on("end", () => response.end("taken"));
    };
    try {
      const mebi = 1024 * 1024;
      const send = async (bytes: number, declared: boolean) => {
        received = 0;
        const post = httpRequest(`${door}/api/upload`, {
          method: "POST",
          headers: declared ? { "Content-Length": bytes } : {},
        });
        let given = 0;
        const answered = new Promise<number>((done) => {
          post
            .once("close", () => done(given))
            .once("response", ({ statusCode = 0 }) => {
              given = statusCode;
              done(given);
            });
        });
        post.setMaxListeners(0).on("error", () => {});
        const chunk = Buffer.alloc(mebi);
        for (let sent = 0; sent < bytes; sent += chunk.length) {
          if (post.destroyed || given) break;
          if (!post.write(chunk)) await new Promise<void>((done) => post.once("drain", done).once("close", done));
        }
        post.end();
        return answered;
      };
      expect(await send(60 * mebi, true)).toBe(200);
      expect(received).toBe(60 * mebi);
      expect(await send(70 * mebi, true)).toBe(413);
      expect(await send(70 * mebi, false)).toBe(413);
      expect(received).toBeLessThanOrEqual(64_000_000);
    } finally {
      rag.answer = (request, response) => response.end(`${request.url}`);
    }
    expect(await status("/api/x", `Host: localhost\r\nX-Big: ${"a".repeat(80_000)}\r\n`)).toBe(431);
    const start = performance.now();
    await raw("GET /api/slow HTTP/1.1\r\nHost: localhost\r\n", 30);
    expect((performance.now() - start) / 1000).toBeLessThan(15);
    expect(rag.requests.some(({ url }) => url === "/api/slow")).toBe(false);
  });
});

describe("tricks", () => {
  beforeAll(startUpstreams);

  it.each([
    "/api/../secret",
    "/api/%2e%2e/secret",
    "/api/..%2fsecret",
    "/api/..%2F..%2Fsecret",
    "/api/x/./../../secret",
    "/api/..\\secret",
    "/api/%2e%2e%5csecret",
    "/vikunja/api/../health",
    "/vikunja/api/%2e%2e/health",
    "/vikunja/api/v1/..%2f..%2fhealth",
    "/vikunja/api/..",
    "/notes/../api/x",
    "/./api/x",
    "//api/../vikunja/api/v1/info",
    "/..",
    "/%2e%2e/%2e%2e/etc/passwd",
  ])("dot segments: %s is refused before any container sees it", async (target) => {
    const before = seen();
    expect(await status(target)).toBe(400);
    expect(seen()).toBe(before);
  });

  it.each([
    ["/run/xnai/Caddyfile", 404],
    ["/Caddyfile", 404],
    ["/site/index.html", 404],
    ["/index.html", 404],
    ["//", 400],
    ["//vikunja/api/v1/info", 400],
    ["/style.css/x", 404],
    ["/%00", 404],
    ["/api%00/x", 404],
    ["/consul/ui/", 404],
    ["/v1/catalog/nodes", 404],
    ["/vikunja", 302],
    ["/vikunja/health", 302],
    ["/vikunja/dav/", 404],
    ["/vikunja/.well-known/caldav", 404],
    ["*", 404],
    ["/%zz", 400],
  ])("%s reaches no container", async (target, expected) => {
    const before = seen();
    expect([target, await status(target)]).toEqual([target, expected]);
    expect(seen()).toBe(before);
  });

  it("whatever the path, a container sees only what is below its own", async () => {
    const parts = [
      "/",
      "//",
      "..",
      ".",
      "%2e",
      "%2e%2e",
      "%2f",
      "%5c",
      "\\",
      ";",
      "%00",
      "%25",
      "?",
      "x",
      "api",
      "API",
    ];
    const piece = fc.constantFrom(...parts, "/api/", "/vikunja/", "/vikunja/api/", "/notes/", "chainlit", "health");
    const start = fc.constantFrom("/", "/api/", "/chainlit/", "/notes/", "/vikunja/api/");
    const own = [
      [rag, /^\/+api(\/|$)/i],
      [chainlit, /^\/+chainlit(\/|$)/i],
      [vikunja, /^\/+api(\/|$)/i],
    ] as const;
    await fc.assert(
      fc.asyncProperty(start, fc.array(piece, { maxLength: 9 }), async (first, pieces) => {
        const from = own.map(([{ requests }]) => requests.length);
        await ask(first + pieces.join(""));
        own.forEach(([{ requests }, path], index) => {
          for (const { url } of requests.slice(from[index])) {
            const decoded = decodeURIComponent(url.split("?")[0] ?? "");
            expect(decoded).toMatch(path);
            expect(decoded).not.toMatch(/(^|[/\\])\.\.?([/\\]|$)/);
          }
        });
      }),
      { numRuns: 500 },
    );
    for (const { requests } of [rag, chainlit, vikunja, notes])
      expect(requests.length, "some of them arrive").toBeGreaterThan(5);
  });

  it("answers to its own names and to addresses, and to no other", async () => {
    const host = (value: string) => status("/api/x", `Host: ${value}\r\n`);
    const own = [
      "localhost",
      `localhost:${port}`,
      "LOCALHOST",
      "127.0.0.1",
      "[::1]:9",
      "10.0.0.1:80",
      "box.lan",
      "caddy",
    ];
    for (const value of [...own, `${prefix}_caddy`]) expect([value, await host(value)]).toEqual([value, 200]);
    const before = seen();
    for (const value of [
      "evil.example",
      "localhost.evil.example",
      "evil.localhost",
      "xlocalhost",
      "vikunjaxlocalhost",
      "127.0.0.1.evil.example",
      "localhost:80:80",
      "evil.example:8000",
      "127.0.0.1@evil.example",
    ])
      expect([value, [400, 421].includes(await host(value))]).toEqual([value, true]);
    expect(await status("/api/x", "")).toBe(400);
    expect(await status("/api/x", "Host: localhost\r\nHost: evil.example\r\n")).toBe(400);
    expect(await status("http://evil.example/api/x", "Host: localhost\r\n")).toBe(421);
    expect(seen()).toBe(before);
    for (const path of ["/", "/healthz", "/vikunja/"])
      expect([path, await status(path, "Host: evil.example\r\n")]).toEqual([path, 421]);
  });

  it("is no proxy to elsewhere, and lets no connection change its protocol but to WebSocket", async () => {
    const before = seen();
    expect(await status("consul:8500", "Host: consul:8500\r\n", "CONNECT")).not.toBe(200);
    expect(await status("http://consul:8500/v1/status/leader", "Host: consul:8500\r\n")).toBe(421);
    const h2c = "Host: localhost\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n";
    expect(await raw(`GET /api/x HTTP/1.1\r\n${h2c}Connection: Upgrade, HTTP2-Settings\r\n\r\n`)).toContain(" 400 ");
    expect(await raw("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")).not.toContain(" 200 ");
    const hidden = "GET /api/hidden HTTP/1.1\r\nHost: localhost\r\n\r\n";
    const chunked = `${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`;
    const post = (headers: string, body: string) =>
      raw(`POST /api/x HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n${body}`);
    await post("Content-Length: 4\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n", chunked);
    await post(`Content-Length: ${hidden.length}\r\nTransfer-Encoding: xchunked\r\n`, hidden);
    await post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", chunked);
    expect(rag.requests.some(({ url }) => url.includes("hidden"))).toBe(false);
    expect(seen() - before).toBeLessThanOrEqual(1);
  });

  it("writes neither query strings nor headers to its log", async () => {
    const mark = "do-not-log-me";
    await fetch(`${door}/api/x?token=${mark}`, { headers: { Authorization: mark, Cookie: mark } });
    const log = await logWith(stack.container("caddy"), "/api/x?...");
    expect(log).not.toContain(mark);
  });
});
