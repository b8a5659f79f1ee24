import { describe, expect, it } from "vitest";
import { relaxations } from "../../../../ops/audit/review/relaxations.ts";

describe("relaxed rules", () => {
  it.each([
    [{}, {}, []],
    [{}, { "image-pinned": "advisory" }, ["Rule image-pinned goes from its default level to advisory."]],
    [{ all: "mandatory" }, { all: "disabled" }, ["Rule all goes from mandatory to disabled."]],
    [
      {},
      { "port-bound-to-loopback": { addresses: ["0.0.0.0"] } },
      ['Rule port-bound-to-loopback changes its parameters from {} to {"addresses":["0.0.0.0"]}.'],
    ],
    [{}, { settings: { egress: ["redis"] } }, ['The shared policy settings change: {"egress":["redis"]}']],
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
