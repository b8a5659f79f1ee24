import { describe, expect, it } from "vitest";
import { caddy } from "../../../components/caddy/definition.ts";
import { parseConfig } from "../../../components/config/parse.ts";
import { hostAddress } from "../../../components/definition/binding.ts";
import { postgres } from "../../../components/postgres/definition.ts";
import { qdrant } from "../../../components/qdrant/definition.ts";
import { redis } from "../../../components/redis/definition.ts";

describe("addresses", () => {
  it("are what a browser on this host can open", () => {
    expect(hostAddress(parseConfig({ exposure: { redis: { address: "127.0.0.5" } } }), redis)).toBe("127.0.0.5:6379");
  });

  it("are localhost for every interface, in brackets for IPv6, and of the port that is asked for", () => {
    const caddyOn = (address: string) =>
      hostAddress(parseConfig({ exposure: { caddy: { address, public: true } } }), caddy);
    expect(["0.0.0.0", "::", "fd00::7"].map(caddyOn)).toEqual(["localhost:8000", "localhost:8000", "[fd00::7]:8000"]);
    expect(hostAddress(parseConfig({ exposure: { redis: { address: "::1" } } }), redis)).toBe("localhost:6379");
    expect(hostAddress(parseConfig({}), qdrant, "grpcPort")).toBe("localhost:6334");
  });

  it("are none where nothing is published", () => {
    expect(hostAddress(parseConfig({ exposure: { redis: false } }), redis)).toBeUndefined();
    expect(hostAddress(parseConfig({ services: { redis: false } }), redis)).toBeUndefined();
    expect(hostAddress(parseConfig({}), postgres)).toBeUndefined();
  });
});
