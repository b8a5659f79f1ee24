import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { parseConfig } from "../../../components/config/parse.ts";
import { HttpClient } from "../../../ops/clients/http.ts";
import { publishedAt } from "../../../ops/clients/places.ts";

let server: Server;
let seen: { host?: string | undefined; key?: unknown; body: string };

beforeEach(async () => {
  server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    seen = { host: request.headers.host, key: request.headers["api-key"], body };
    response.writeHead(request.url?.startsWith("/bad") ? 418 : 200).end(request.url === "/none" ? "" : '{"ok":true}');
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
});
afterEach(() => server.close());

function client(name?: string) {
  const { port } = server.address() as AddressInfo;
  return new HttpClient("Qdrant", { host: "127.0.0.1", port, ...(name && { name }) }, { "api-key": "secret" });
}

it("asks an address under a name, with its headers and a JSON body", async () => {
  const own = client("vikunja.localhost:8000");
  expect(await own.must("PUT", "/x", { body: { a: "ü" } })).toEqual({ ok: true });
  expect(seen).toEqual({ host: "vikunja.localhost:8000", key: "secret", body: '{"a":"ü"}' });
  expect(await own.must("GET", "/none", { headers: { Host: "other" } })).toBeUndefined();
  expect(seen.host).toBe("other");
  own.close();
});

it("says what a service refuses, and that it does not answer, without the key", async () => {
  const own = client();
  await expect(own.must("GET", "/bad?x=y")).rejects.toThrow('Qdrant answers 418 to GET /bad: {"ok":true}');
  own.close();
  const [{ port }, late] = [server.address() as AddressInfo, client()];
  await new Promise((done) => server.close(done));
  const error = await late.ask("GET", "/").catch((caught: Error) => caught);
  expect(String(error)).toContain(`Qdrant does not answer at 127.0.0.1:${port} (connect ECONNREFUSED`);
  expect(String(error)).not.toContain("secret");
});

it("finds what is published, and on which address of this machine", () => {
  const config = parseConfig({
    exposure: { redis: false, qdrant: { port: 7000, grpcPort: 7001 }, caddy: { address: "192.168.1.10" } },
    services: { consul: false },
  });
  expect(publishedAt(config, "redis")).toBeUndefined();
  expect(publishedAt(config, "consul")).toBeUndefined();
  expect(publishedAt(config, "postgres")).toBeUndefined();
  expect(publishedAt(config, "qdrant", "grpcPort")).toEqual({ host: "127.0.0.1", port: 7001 });
  expect(publishedAt(config, "caddy")).toEqual({ host: "192.168.1.10", port: 8000 });
  expect(publishedAt(config, "caddy", "vikunja")).toEqual({ host: "192.168.1.10", port: 8010 });
});
