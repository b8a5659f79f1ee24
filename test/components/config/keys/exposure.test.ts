import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../../components/config/parse.ts";
import { publishedPorts } from "../../../../components/engine/hardening.ts";
import { configProblems } from "../../../support/config-problems.ts";
import { publishablePorts, serviceNames } from "../../../support/services.ts";

const parse = (exposure: unknown) => parseConfig({ exposure });
const problems = (exposure: unknown) => configProblems({ exposure });

describe("addresses", () => {
  it("keep everything but caddy on loopback, private addresses too", () => {
    for (const service of ["redis", "consul", "qdrant"])
      for (const address of ["0.0.0.0", "192.168.1.2", "::", "localhost", "127.0.0", ""])
        expect(problems({ [service]: { address } }), `${service} on ${address}`).toEqual([
          expect.stringContaining(`exposure.${service}.address is "${address}"; not a loopback address`),
        ]);
    expect(problems({ redis: { address: "127.0.0.2" }, qdrant: { address: "::1" } })).toEqual([]);
  });

  it("let caddy onto a private network, and to everybody only when told twice", () => {
    expect(problems({ caddy: { address: "192.168.1.2" } })).toEqual([]);
    for (const address of ["0.0.0.0", "::", "8.8.8.8"]) {
      expect(problems({ caddy: { address } })).toEqual([expect.stringContaining("exposure.caddy.public: true")]);
      expect(problems({ caddy: { address, public: true } })).toEqual([]);
    }
    expect(problems({ caddy: { address: "localhost" } })).toEqual([expect.stringContaining("an IP address")]);
  });

  it("cannot be given to what is never published", () => {
    expect(problems({ postgres: { port: 1234 } })).toEqual([expect.stringContaining("is not a key")]);
  });

  it("are Caddy's for Vikunja, which has only a port", () => {
    for (const vikunja of [false, {}, { port: 8200 }]) expect(problems({ vikunja })).toEqual([]);
    expect(problems({ vikunja: { address: "0.0.0.0" } })).toEqual([
      expect.stringContaining("exposure.vikunja.address"),
    ]);
    expect(problems({ vikunja: { port: 6379 } })).toEqual([
      expect.stringMatching(/exposure\.vikunja\.port is 6379; port 6379 is already taken by exposure\.redis\.port/),
    ]);
  });

  it("of a loopback address have no router before them", () => {
    expect(problems({ caddy: { routed: true } })).toEqual([
      expect.stringMatching(/exposure\.caddy\.routed is true; no router leads to 127\.0\.0\.1/),
    ]);
    expect(problems({ caddy: { address: "192.168.1.2", routed: true } })).toEqual([]);
  });
});

describe("several problems", () => {
  it.each([
    ["a wrong type", { redis: { port: 8000 }, qdrant: { port: "x" } }, "exposure.qdrant.port"],
    ["a wrong shape", { redis: { port: 8000 }, qdrant: "on" }, "exposure.qdrant is"],
    ["an address", { redis: { port: 8000, address: "0.0.0.0" } }, "exposure.redis.address"],
    ["a typo", { redis: { port: 8000, prot: 1 } }, "exposure.redis.prot"],
    ["a port out of range", { redis: { port: 8000 }, consul: { port: 70_000 } }, "exposure.consul.port"],
  ])("a port used twice is told beside %s", (_, exposure, other) => {
    const found = problems(exposure);
    expect(found).toHaveLength(2);
    expect(found.join("\n")).toContain(
      "exposure.redis.port is 8000; port 8000 is already taken by exposure.caddy.port",
    );
    expect(found.join("\n")).toContain(other);
  });

  it("a public address is told beside a wrong port", () => {
    expect(problems({ caddy: { address: "8.8.8.8", port: "x" } })).toHaveLength(2);
  });

  it("a port that clashes with a default names the default", () => {
    expect(problems({ caddy: { port: 6334 } })).toEqual([
      expect.stringContaining("exposure.qdrant.grpcPort is not set; port 6334 is already taken by exposure.caddy.port"),
    ]);
  });
});

describe("any ports", () => {
  const port = fc.oneof(fc.constantFrom(7000, 7001, 7002), fc.integer({ min: 1, max: 65_535 }));
  const binding = (keys: string[]) =>
    fc.oneof(fc.constant(false as const), fc.record(Object.fromEntries(keys.map((key) => [key, port]))));
  const exposure = fc.record(
    Object.fromEntries(Object.entries(publishablePorts).map(([name, ports]) => [name, binding(Object.keys(ports))])),
  );
  const numbers = (value: Record<string, false | Record<string, number>>) =>
    Object.values(value).flatMap((one) => (one ? Object.values(one) : []));

  it("are published as they are, sorted, on an address, or refused because two are the same", () => {
    fc.assert(
      fc.property(exposure, (value) => {
        const wanted = numbers(value);
        const clashes = wanted.length - new Set(wanted).size;
        expect(problems(value)).toHaveLength(clashes);
        if (clashes > 0) return;
        const published = serviceNames.map((name) => publishedPorts(parse(value), name));
        expect(
          published
            .flat()
            .map(({ external }) => external)
            .toSorted(),
        ).toEqual(wanted.toSorted());
        for (const ports of published) {
          const inside = ports.map(({ internal }) => Number(internal));
          expect(inside).toEqual(inside.toSorted((a, b) => a - b));
          for (const { ip, protocol } of ports) expect({ ip, protocol }).toEqual({ ip: "127.0.0.1", protocol: "tcp" });
        }
      }),
    );
  });
});
