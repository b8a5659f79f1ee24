import { expect, it } from "vitest";
import { parseConfig } from "../../components/config/parse.ts";
import { leaving } from "../../components/leaving.ts";

const caddy = { address: "192.168.1.5", routed: true };

it("is said of each service that may reach outside, or answers through routers", () => {
  expect(leaving(parseConfig({}))).toEqual([]);
  expect(leaving(parseConfig({ egress: ["qdrant"], exposure: { caddy } }))).toEqual([
    "qdrant may reach the internet (egress)",
    expect.stringMatching(/^caddy answers clients behind routers \(exposure\.caddy\)/),
  ]);
  expect(leaving(parseConfig({ exposure: { caddy: { address: "192.168.1.5" } } }))).toEqual([]);
});
