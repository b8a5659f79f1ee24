import Docker from "dockerode";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../components/config/parse.ts";
import { Networks } from "../../../components/engine/networks.ts";
import { run } from "../../support/program.ts";

describe("egress", () => {
  it("has no network where nobody uses it", async () => {
    const { result } = await run(() => new Networks("networks", parseConfig({}), new Docker()));
    expect(() => (result as Networks).get("egress")).toThrow("network egress does not exist in this stack");
  });
});
