// The apps that use a service, and the secrets that each has of its own there.
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../components/config/parse.ts";
import { clientsOf, secretsOf } from "../../../components/definition/clients.ts";

const app = { image: "localhost/rag:latest", health: { tcp: 8000 } };
const config = parseConfig({
  apps: { rag_api: { ...app, uses: ["redis"], rotation: 2 }, "ui-2": { ...app, uses: ["redis", "consul"] }, none: app },
});
const service = { name: "redis", secrets: { redisPassword: {} }, forApps: { secrets: { password: { length: 40 } } } };

describe("clients of a service", () => {
  it("are the apps that use it", () => {
    expect(clientsOf(config, "redis").map(({ name }) => name)).toEqual(["rag_api", "ui-2"]);
    expect(clientsOf(config, "consul").map(({ name }) => name)).toEqual(["ui-2"]);
    expect(clientsOf(parseConfig({}), "redis")).toEqual([]);
  });

  it("have secrets of their own, which are renewed with the app", () => {
    expect(secretsOf(config, { ...service, forApps: { ...service.forApps, offers: {} } })).toEqual({
      redisPassword: {},
      "redis-rag_api-password": { length: 40, rotation: 2 },
      "redis-ui-2-password": { length: 40, rotation: 0 },
    });
  });

  it("are none in a stack without apps", () => {
    expect(secretsOf(parseConfig({}), { ...service, forApps: { offers: {} } })).toEqual({ redisPassword: {} });
  });
});
