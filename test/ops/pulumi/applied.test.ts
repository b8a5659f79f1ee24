import { expect, it } from "vitest";
import { parseConfig } from "../../../components/config/parse.ts";
import { Clone } from "../../support/clone.ts";

const clone = new Clone();
clone.write(".xnai/x", "");

it("a configuration is edited until it has been applied, however it is written", async () => {
  const { isConfigEdited, noteApplied } =
    await clone.load<typeof import("../../../ops/pulumi/applied.ts")>("ops/pulumi/applied.ts");
  const config = parseConfig({ redis: { maxMemoryMiB: 512 } });
  expect(isConfigEdited("dev", config)).toBe(true);
  noteApplied("dev", config);
  expect(isConfigEdited("dev", parseConfig({}))).toBe(false);
  expect(isConfigEdited("dev", parseConfig({ redis: { maxMemoryMiB: 256 } }))).toBe(true);
  expect(isConfigEdited("lab", config)).toBe(true);
});
