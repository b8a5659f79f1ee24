import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ConfigError, parseConfig } from "../../../../components/config/parse.ts";
import { egressLimits, publishedPorts } from "../../../../components/engine/hardening.ts";
import { reach } from "../../../../lib/addresses.ts";
import { publishablePorts, serviceNames } from "../../../support/services.ts";

const parse = (exposure: unknown, more: object = {}) => parseConfig({ exposure, ...more } as Record<string, unknown>);

function problems(exposure: unknown): string[] {
  try {
    parse(exposure);
  } catch (error) {
    return (error as ConfigError).problems.map(({ key, message }) => `${key} ${message}`);
  }
  return [];
}

describe("reach", () => {
  it.each([
    ["loopback", ["127.0.0.1", "127.255.255.255", "::1"]],
    ["private", ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "169.254.1.1"]],
    ["private", ["fd00::1", "fe80::1", "::ffff:10.0.0.1"]],
    ["public", ["0.0.0.0", "::", "8.8.8.8", "172.32.0.1", "172.15.0.1", "100.128.0.1", "126.0.0.1", "128.0.0.1"]],
    ["public", ["2001:db8::1", "::ffff:8.8.8.8", "192.169.0.1"]],
  ])("%s: %s", (expected, addresses) => {
    for (const address of addresses) expect(reach(address), address).toBe(expected);
  });
});

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
    for (const service of ["vikunja", "postgres"])
      expect(problems({ [service]: { port: 1234 } })).toEqual([expect.stringContaining("is not a key")]);
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

describe("publishedPorts", () => {
  it("never has one without an address: the provider would take every interface", () => {
    const config = parse({ caddy: { address: "10.0.0.1", port: 80 } });
    expect(publishedPorts(config, "caddy")).toEqual([
      { internal: 8000, external: 80, ip: "10.0.0.1", protocol: "tcp" },
    ]);
    for (const name of serviceNames) for (const { ip } of publishedPorts(config, name)) expect(ip).toMatch(/./);
  });

  it("is nothing for Vikunja, Postgres and what is switched off", () => {
    expect(publishedPorts(parse({}), "vikunja")).toEqual([]);
    expect(publishedPorts(parse({}), "postgres")).toEqual([]);
    expect(publishedPorts(parse({ redis: false }), "redis")).toEqual([]);
  });

  it("has both of Qdrant's, in the order in which the engine reads them back", () => {
    const config = parse({ qdrant: { port: 9002, grpcPort: 9001 } });
    expect(publishedPorts(config, "qdrant").map(({ internal, external }) => [internal, external])).toEqual([
      [6333, 9002],
      [6334, 9001],
    ]);
  });
});

describe("egressLimits", () => {
  const ttl = (exposure: unknown, more = {}) => egressLimits(parse(exposure, more), "caddy");

  it("lets a packet reach other containers and loopback, and no further; no name is asked outside", () => {
    for (const name of serviceNames)
      expect(egressLimits(parse({}), name)).toEqual({
        sysctls: { "net.ipv4.ip_default_ttl": "1" },
        dns: ["127.0.0.1"],
      });
    expect(ttl({ caddy: false }).sysctls).toEqual({ "net.ipv4.ip_default_ttl": "1" });
  });

  it("answers clients on the same link when it is exposed to them", () => {
    expect(ttl({ caddy: { address: "192.168.1.2" } }).sysctls).toEqual({ "net.ipv4.ip_default_ttl": "2" });
  });

  it("is lifted for what may reach outside", () => {
    expect(ttl({}, { egress: ["caddy"] })).toEqual({});
  });
});
