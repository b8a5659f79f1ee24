import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { expect, it } from "vitest";
import { describedNetwork, makeNetwork } from "../../../components/engine/network-without-route.ts";

const description = describedNetwork("lab", "lab_network");

/** What is asked of a Podman that has this network, or none. */
async function asked(network?: object): Promise<{ calls: string[]; failed?: string }> {
  const socketPath = join(mkdtempSync(join(tmpdir(), "xnai-libpod-")), "podman.sock");
  const calls: string[] = [];
  const server = createServer((request, response) => {
    const { method, url } = request;
    request.resume();
    if (method !== "GET") calls.push(`${method} ${url}`);
    const found = method !== "GET" || network !== undefined;
    response.writeHead(found ? 200 : 404, { "content-type": "application/json" });
    response.end(JSON.stringify(method === "GET" ? (network ?? { message: "no such network" }) : {}));
  }).listen(socketPath);
  await once(server, "listening");
  const failed = await makeNetwork(new Docker({ socketPath }), description).then(
    () => undefined,
    (error: Error) => error.message,
  );
  server.closeAllConnections();
  server.close();
  return { calls, ...(failed !== undefined && { failed }) };
}

const create = "POST /v4.0.0/libpod/networks/create";

it("it is made where it is not, and left where it is as described", async () => {
  expect(await asked()).toEqual({ calls: [create] });
  expect(await asked(description)).toEqual({ calls: [] });
  expect(await asked({ ...description, options: { ...description.options, isolate: "true" } })).toEqual({ calls: [] });
});

it("one of the stack's that has a route is made anew", async () => {
  expect(await asked({ ...description, options: {} })).toEqual({
    calls: ["DELETE /v4.0.0/libpod/networks/lab_network", create],
  });
});

it("somebody else's is left alone, in words", async () => {
  expect(await asked({ ...description, labels: {} })).toEqual({
    calls: [],
    failed: expect.stringContaining("lab_network is taken by a network that this stack did not make"),
  });
});
