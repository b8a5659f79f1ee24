import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../components/config/parse.ts";
import {
  confinement,
  cpuText,
  egressLimits,
  labels,
  limits,
  publishedPorts,
} from "../../../components/engine/hardening.ts";
import { serviceNames } from "../../support/services.ts";

const parse = (exposure: unknown, more: object = {}) => parseConfig({ exposure, ...more } as Record<string, unknown>);

describe("confinement", () => {
  it("drops everything, and adds what is proven necessary, in one order", () => {
    expect(confinement(["CAP_FOWNER", "CAP_CHOWN"])).toMatchObject({
      capabilities: { drops: ["ALL"], adds: ["CAP_CHOWN", "CAP_FOWNER"] },
      // Bare: `no-new-privileges:true` reads back in another form on some engines.
      securityOpts: ["no-new-privileges"],
      // True, the provider's default, deletes what an image keeps in an anonymous volume.
      removeVolumes: false,
      logDriver: "json-file",
      logOpts: { "max-size": "10m", "max-file": "3" },
    });
  });
});

describe("limits", () => {
  it("leave no swap: memorySwap is memory, or every preview shows a change", () => {
    expect(limits({ memoryMiB: 300, cpus: 1.5 })).toEqual({
      memory: 300,
      memorySwap: 300,
      cpus: "1.5",
      ulimits: [{ name: "nofile", soft: 16_384, hard: 16_384 }],
    });
  });

  it("take the service's own number of files", () => {
    const { ulimits } = limits({ memoryMiB: 16, cpus: 1, nofile: 256 });
    expect(ulimits).toEqual([{ name: "nofile", soft: 256, hard: 256 }]);
  });
});

describe("cpuText", () => {
  // As kreuzwerker's nanoInt64ToDecimalString prints them.
  it.each([
    [1, "1.0"],
    [2, "2.0"],
    [0.5, "0.5"],
    [0.1, "0.1"],
    [1.25, "1.25"],
    [10, "10."],
    [100, "100."],
  ])("%s is %s", (cpus, text) => expect(cpuText(cpus)).toBe(text));

  it("is the number that was given", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1280 }), (tenths) => {
        expect(Number(cpuText(tenths / 10))).toBe(tenths / 10);
      }),
    );
  });
});

describe("labels", () => {
  it("say whose a thing is, sorted, because the engine sorts them", () => {
    expect(labels(parseConfig({ prefix: "lab" }), "redis", { "io.xnai.role": "service" })).toEqual([
      { label: "io.xnai.role", value: "service" },
      { label: "io.xnai.service", value: "redis" },
      { label: "io.xnai.stack", value: "lab" },
    ]);
  });
});

describe("publishedPorts", () => {
  it("never has one without an address: the provider would take every interface", () => {
    const config = parse({ caddy: { address: "10.0.0.1", port: 80 }, vikunja: false });
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
    expect(ttl({ caddy: { address: "127.0.0.1", public: true } }).sysctls).toEqual({ "net.ipv4.ip_default_ttl": "1" });
  });

  it.each([
    ["routed", { address: "192.168.1.2", routed: true }],
    ["public behind a router", { address: "192.168.1.2", public: true }],
    ["public", { address: "203.0.113.7", public: true }],
    ["every interface", { address: "0.0.0.0", public: true }],
  ])("has no limit on hops for a front door that is %s, and still no resolver; nobody else has", (_, caddy) => {
    expect(ttl({ caddy })).toEqual({ dns: ["127.0.0.1"] });
    for (const name of serviceNames.filter((each) => each !== "caddy"))
      expect(egressLimits(parse({ caddy }), name).sysctls, name).toEqual({ "net.ipv4.ip_default_ttl": "1" });
  });

  it("never lets more than one hop go by on an engine without root, which sends packets of its own", () => {
    const engine = { rootless: true };
    for (const more of [{}, { routed: true }, { public: true }])
      expect(ttl({ caddy: { address: "192.168.1.2", ...more } }, { engine }).sysctls).toEqual({
        "net.ipv4.ip_default_ttl": "1",
      });
  });

  it("asks nobody for names on Podman either, whose forwarder would ask the host's resolver on loopback", () => {
    expect(ttl({}, { engine: { kind: "podman" } }).dns).toEqual(["255.255.255.255"]);
  });

  it("is lifted for what may reach outside", () => {
    expect(ttl({}, { egress: ["caddy"] })).toEqual({});
  });
});
