import { describe, expect, it } from "vitest";
import { relaxations } from "../../../../ops/audit/review/relaxations.ts";

describe("relaxed rules", () => {
  it.each([
    [{}, {}, []],
    [{}, { "image-pinned": "advisory" }, ["Rule image-pinned is relaxed from mandatory to advisory."]],
    [
      { all: "mandatory" },
      { all: "disabled" },
      [expect.stringMatching(/^\d+ rules are relaxed to disabled, because that is what all says\.$/)],
    ],
    // Stricter is not relaxed, whoever says it.
    [{}, { "cpu-limited": "mandatory" }, []],
    [{ all: "advisory", "image-pinned": "mandatory" }, { all: "mandatory" }, []],
    [
      { all: "mandatory", "image-pinned": { enforcementLevel: "mandatory" } },
      { all: "mandatory", "image-pinned": { enforcementLevel: "disabled" } },
      ["Rule image-pinned is relaxed from mandatory to disabled."],
    ],
    [
      {},
      { "port-bound-to-loopback": { addresses: ["0.0.0.0"] } },
      ["Rule port-bound-to-loopback, addresses: now also 0.0.0.0."],
    ],
    [
      { "port-bound-to-loopback": { addresses: ["10.0.0.1", "10.0.0.2"] } },
      { "port-bound-to-loopback": { addresses: ["10.0.0.2", "10.0.0.3"] } },
      ["Rule port-bound-to-loopback, addresses: now also 10.0.0.3; no longer 10.0.0.1."],
    ],
    [
      {},
      { "published-port-allowed": { publishers: { redis: [6379, 6380] } } },
      ["Rule published-port-allowed, publishers: from nothing to redis 6379, 6380."],
    ],
    [{}, { settings: { egress: ["redis"] } }, ["The rules now let redis reach outside of this host."]],
    [{ settings: { egress: ["redis"] } }, { settings: { egress: [] } }, []],
    [
      {},
      { settings: { products: [{ id: "qdrant", title: "Qdrant" }] } },
      ["What the rules know about the telemetry of qdrant is told by this change."],
    ],
    [
      { settings: { exemptions: [{ rule: "a", resource: "x", reason: "old", expires: "2030-01-01" }] } },
      {
        settings: {
          exemptions: [
            { rule: "a", resource: "x", reason: "old", expires: "2030-01-01" },
            { rule: "b", resource: "y", reason: "new", expires: "2031-01-01" },
          ],
        },
      },
      ["Exemption for b on y until 2031-01-01: new"],
    ],
  ])("%j to %j", (before, after, expected) => expect(relaxations(before, after)).toEqual(expected));
});
