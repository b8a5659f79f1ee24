import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../components/config/parse.ts";

const config = (values: Record<string, unknown> = {}) => parseConfig({ prefix: "lab", ...values });

describe("Consul", () => {
  it("stays on one network", () => {
    expect(() => config({ egress: ["redis", "consul"] })).toThrow(
      /egress\[1\] is "consul"; consul works on one network/,
    );
  });
});
