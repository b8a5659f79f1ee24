import { json } from "node:stream/consumers";
import Docker from "dockerode";
import { describe, expect, it } from "vitest";
import { plainDocker } from "../../../lib/engine/traits.ts";
import { withNetworkOptions, withSeenNetworkOptions } from "../../../ops/engine/network-options.ts";
import { EngineSockets } from "../../support/engine-sockets.ts";

const sockets = new EngineSockets();
const mtu = { "com.docker.network.driver.mtu": "1400" };

/** An engine with these networks, name -> options, which gives new ones `byItself`; and what was asked of it. */
async function engineWith(networks: Record<string, object>, byItself: object) {
  const asked: string[] = [];
  const host = await sockets.answering(async (request, response) => {
    const path = decodeURIComponent(request.url ?? "").replace(/^\/v[\d.]+|\?.*$/g, "");
    const name = path.split("/")[2] ?? "";
    asked.push(`${request.method} ${path}`);
    if (path === "/networks/create") {
      const { Name } = (await json(request)) as { Name: string };
      networks[Name] = byItself;
      response.statusCode = 201;
      return response.end(JSON.stringify({ Id: Name }));
    }
    if (request.method === "DELETE") delete networks[name];
    response.statusCode = request.method === "DELETE" ? 204 : networks[name] ? 200 : 404;
    return response.end(response.statusCode === 204 ? undefined : JSON.stringify({ Options: networks[name] ?? null }));
  });
  return { docker: new Docker({ socketPath: host.slice("unix://".length) }), networks, asked };
}

const ask = async (
  engine: Awaited<ReturnType<typeof engineWith>>,
  { apiVersion = "1.51", traits = plainDocker, written = {} } = {},
) =>
  (
    await withNetworkOptions(
      { docker: engine.docker, apiVersion, traits },
      { prefix: "lab", engine: { ...plainDocker, networkOptions: written } },
    )
  ).networkOptions;

describe("options that the engine gives to every network", () => {
  it("are seen on one that is made for it and removed", async () => {
    const engine = await engineWith({ bridge: {} }, mtu);
    expect(await ask(engine)).toEqual(mtu);
    expect(Object.keys(engine.networks)).toEqual(["bridge"]);
  });

  it("are none on an engine without", async () => {
    expect(await ask(await engineWith({}, {}))).toEqual({});
  });

  it("are those of the stack's own network where it has one, and nothing is made", async () => {
    const engine = await engineWith({ lab_web: mtu }, {});
    expect(await ask(engine)).toEqual(mtu);
    expect(engine.asked).toEqual(["GET /networks/lab_web"]);
  });

  it("stay as they are written as long as the stack has networks", async () => {
    expect(await ask(await engineWith({ lab_web: { other: "1" } }, {}), { written: mtu })).toEqual(mtu);
    expect(await ask(await engineWith({}, {}), { written: mtu })).toEqual({});
  });

  it.each([
    ["an engine that has no such thing", { apiVersion: "1.41" }],
    ["Podman", { traits: { ...plainDocker, kind: "podman" as const } }],
  ])("are not asked for on %s", async (_, options) => {
    const engine = await engineWith({}, mtu);
    expect(await ask(engine, options)).toEqual({});
    expect(engine.asked).toEqual([]);
  });

  it("are for a preview those that a network shows or that are written, and none is made", async () => {
    const seen = async (engine: Awaited<ReturnType<typeof engineWith>>, written = {}) =>
      (
        await withSeenNetworkOptions(
          { docker: engine.docker, traits: plainDocker },
          { prefix: "lab", engine: { ...plainDocker, networkOptions: written } },
        )
      ).networkOptions;
    const without = await engineWith({}, mtu);
    expect(await seen(without)).toEqual({});
    expect(await seen(without, mtu)).toEqual(mtu);
    expect(await seen(await engineWith({ lab_web: mtu }, {}))).toEqual(mtu);
    expect(without.asked).toEqual(["GET /networks/lab_web", "GET /networks/lab_web"]);
  });
});
