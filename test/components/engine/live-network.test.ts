// A network that comes while services run, asked of an engine that is a socket.
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join as path } from "node:path";
import Docker from "dockerode";
import { describe, expect, it } from "vitest";
import { join, type LiveDescription, makeLiveNetwork } from "../../../components/engine/live-network.ts";

const description: LiveDescription = {
  name: "lab_databases",
  driver: "bridge",
  internal: true,
  options: {},
  labels: { "io.xnai.stack": "lab" },
};
const made = { Name: "lab_databases", Internal: true, Options: {}, Labels: description.labels };

/** What changes on an engine that answers every question with this, or that there is nothing of the kind. */
async function asked(answer: object | undefined, work: (docker: Docker) => Promise<void>) {
  const socketPath = path(mkdtempSync(path(tmpdir(), "xnai-live-")), "docker.sock");
  const calls: [call: string, body: unknown][] = [];
  const server = createServer(async (request, response) => {
    const { method, url } = request;
    let body = "";
    for await (const chunk of request) body += chunk;
    if (method !== "GET") calls.push([`${method} ${url?.split("?")[0]}`, body === "" ? undefined : JSON.parse(body)]);
    const found = method !== "GET" || answer !== undefined;
    response.writeHead(found ? 200 : 404, { "content-type": "application/json" });
    response.end(JSON.stringify(method === "GET" ? (answer ?? { message: "none" }) : { Id: "1" }));
  }).listen(socketPath);
  await once(server, "listening");
  const failed = await work(new Docker({ socketPath })).then(
    () => undefined,
    (error: Error) => error.message,
  );
  server.closeAllConnections();
  server.close();
  return { calls, failed };
}

describe("such a network", () => {
  const make = (answer?: object) => asked(answer, (docker) => makeLiveNetwork(docker, description));
  const create = [
    "POST /networks/create",
    { Name: "lab_databases", Driver: "bridge", Internal: true, Labels: description.labels, Options: {} },
  ];

  it("is made where it is not, and left where it is as described", async () => {
    expect(await make()).toEqual({ calls: [create], failed: undefined });
    expect(await make(made)).toEqual({ calls: [], failed: undefined });
  });

  it("is made anew where it leads outside", async () => {
    expect((await make({ ...made, Internal: false })).calls).toEqual([
      ["DELETE /networks/lab_databases", undefined],
      create,
    ]);
  });

  it("of somebody else is left alone, in words", async () => {
    const { calls, failed } = await make({ ...made, Labels: {} });
    expect(calls).toEqual([]);
    expect(failed).toContain("lab_databases is taken by a network that this stack did not make");
  });
});

describe("a container", () => {
  const joining = { container: "lab_vikunja_db", network: "lab_databases", alias: "postgres" };
  const on = (...networks: string[]) => ({
    NetworkSettings: { Networks: Object.fromEntries(networks.map((name) => [name, {}])) },
  });

  it("joins it under its name, once", async () => {
    expect((await asked(on("lab_db"), (docker) => join(docker, joining))).calls).toEqual([
      [
        "POST /networks/lab_databases/connect",
        { Container: "lab_vikunja_db", EndpointConfig: { Aliases: ["postgres"] } },
      ],
    ]);
    expect((await asked(on("lab_db", "lab_databases"), (docker) => join(docker, joining))).calls).toEqual([]);
  });
});
