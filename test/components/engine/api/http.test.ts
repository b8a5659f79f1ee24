// HTTP over a stream that is no socket, as that of `nc` in a container.
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { Duplex } from "node:stream";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ThroughClient } from "../../../../components/engine/api/http.ts";

let server: Server;
let connections = 0;
beforeAll(async () => {
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (request.url === "/gone") return void request.socket.destroy();
    response.statusCode = request.url === "/no" ? 404 : 200;
    const { method, headers } = request;
    response.end(
      JSON.stringify({ method, token: headers["x-token"], host: headers.host, sent: `${Buffer.concat(chunks)}` }),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterAll(() => server.close());

/** Through a duplex of its own, which lacks what a socket has. */
function client(): ThroughClient {
  return new ThroughClient("127.0.0.1:1", async () => {
    connections += 1;
    const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
    await once(socket, "connect");
    socket.on("error", () => undefined);
    return Duplex.from({ readable: socket, writable: socket });
  });
}

it("asks and answers, with bodies and headers, over one connection", async () => {
  const before = connections;
  const http = client();
  const first = await http.ask("PUT", "/a", { text: "ü" }, { "X-Token": "t" });
  expect(first.status).toBe(200);
  expect(JSON.parse(first.body)).toEqual({ method: "PUT", token: "t", host: "127.0.0.1:1", sent: '{"text":"ü"}' });
  expect((await http.ask("GET", "/no")).status).toBe(404);
  expect(connections - before).toBe(1);
  http.close();
});

it("fails when there is no answer, and when nobody is there", async () => {
  const http = client();
  await expect(http.ask("GET", "/gone")).rejects.toThrow();
  http.close();
  const nobody = new ThroughClient("127.0.0.1:1", async () => {
    throw new Error("no container");
  });
  await expect(nobody.ask("GET", "/")).rejects.toThrow("no container");
});
