// The health check of Qdrant, run for real against a server of the test's own: it must be ready, and closed.
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { standIns, startServiceScript } from "../../support/service-scripts.ts";
import { bash } from "../../support/shells.ts";

/** Each request as `/path` or `/path with api-key=...`. */
let asked: string[];
let answer: (request: string) => number;
let server: Server;
const folder = standIns({});

const listen = (listening: Server) =>
  new Promise<number>((done) => {
    listening.listen(0, "127.0.0.1", () => done((listening.address() as AddressInfo).port));
  });
const close = (listening: Server) => new Promise((done) => listening.close(done));

const nameOf = ({ url = "", headers }: IncomingMessage) =>
  headers["api-key"] === undefined ? url : `${url} with api-key=${headers["api-key"]}`;

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(nameOf(request));
    response.writeHead(answer(nameOf(request))).end();
  });
  await listen(server);
});
afterAll(() => close(server));
beforeEach(() => {
  asked = [];
});

/** @param statuses request -> status; else /readyz answers 200 and everything else 401 */
async function check(statuses: Record<string, number> = {}) {
  answer = (request) => statuses[request] ?? (request === "/readyz" ? 200 : 401);
  return healthOf((server.address() as AddressInfo).port);
}

async function healthOf(port: number) {
  const { exitCode, stdout } = await startServiceScript(bash, "qdrant/health.sh", [`${port}`], folder);
  return { code: exitCode, said: stdout };
}

describe("Qdrant is well", () => {
  it("when it is ready and refuses both no key and an empty one", async () => {
    expect(await check()).toEqual({ code: 0, said: "" });
    expect(asked).toEqual(["/readyz", "/collections", "/collections with api-key="]);
  });

  it("and not when it is not ready", async () => {
    expect(await check({ "/readyz": 503 })).toEqual({
      code: 1,
      said: "/readyz answers HTTP/1.1 503 Service Unavailable, not 200",
    });
    expect(asked).toEqual(["/readyz"]);
  });

  it("and not when it lets everybody in", async () => {
    expect(await check({ "/collections": 200, "/collections with api-key=": 200 })).toEqual({
      code: 1,
      said: "/collections answers HTTP/1.1 200 OK, not 401",
    });
  });

  it("and not when it lets in whoever sends an empty key", async () => {
    expect(await check({ "/collections with api-key=": 200 })).toEqual({
      code: 1,
      said: "/collections with an empty api-key answers HTTP/1.1 200 OK, not 401",
    });
  });

  it("and not when nobody listens", async () => {
    const gone = createServer();
    const port = await listen(gone);
    await close(gone);
    expect(await healthOf(port)).toEqual({ code: 1, said: "" });
  });
});
