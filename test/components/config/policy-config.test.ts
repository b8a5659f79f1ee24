import { describe, expect, it } from "vitest";
import { policyConfigOf } from "../../../components/config/policy-config.ts";
import { configSchema } from "../../../components/config/schema.ts";
import { plainDocker } from "../../../lib/engine/traits.ts";

describe("what follows from the stack's own configuration", () => {
  const of = (raw: object) => policyConfigOf(configSchema.parse(raw));
  it("is nothing by default", () => expect(of({})).toEqual({}));
  it("allows an address that Caddy is given on purpose", () => {
    expect(of({ exposure: { caddy: { address: "192.168.1.5" } } })).toEqual({
      "port-bound-to-loopback": { addresses: ["192.168.1.5"] },
    });
    expect(of({ exposure: { caddy: false } })).toEqual({});
  });
  it("lets the answers of a front door that is routed or public pass", () => {
    for (const more of [{ routed: true }, { public: true }])
      expect(of({ exposure: { caddy: { address: "192.168.1.5", ...more } } })).toEqual({
        "port-bound-to-loopback": { addresses: ["192.168.1.5"] },
        "egress-allowed": { routed: ["caddy"] },
      });
  });
  it("allows a service the egress that it is given", () => {
    expect(of({ egress: ["qdrant"] })).toEqual({ settings: { egress: ["qdrant"] } });
  });
  it("tells the rules what the engine is", () => {
    const engine = { ...plainDocker, limits: { ...plainDocker.limits, memory: false } };
    expect(of({ engine })).toEqual({ settings: { engine } });
    expect(of({ engine, egress: ["qdrant"] })).toEqual({ settings: { egress: ["qdrant"], engine } });
  });
  it("adds to what the user wrote, and overrides none of it", () => {
    const policy = {
      "port-bound-to-loopback": "advisory",
      settings: { egress: ["mine"], exemptions: [] },
      all: "mandatory",
    };
    expect(of({ policy, egress: ["qdrant"], exposure: { caddy: { address: "10.0.0.1" } } })).toEqual({
      all: "mandatory",
      "port-bound-to-loopback": { enforcementLevel: "advisory", addresses: ["10.0.0.1"] },
      settings: { egress: ["mine", "qdrant"], exemptions: [] },
    });
  });
});
