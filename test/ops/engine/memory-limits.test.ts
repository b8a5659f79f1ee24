import { beforeEach, expect, it } from "vitest";
import { parseConfig } from "../../../components/config/parse.ts";
import type { Engine } from "../../../ops/engine/connect.ts";
import { Clone } from "../../support/clone.ts";

const clone = new Clone();
beforeEach(() => clone.reset("lab"));

async function decide(limitsMemory: boolean, values: Record<string, unknown>) {
  const { decideMemoryLimits } =
    await clone.load<typeof import("../../../ops/engine/memory-limits.ts")>("ops/engine/memory-limits.ts");
  clone.write("Pulumi.lab.yaml", "config:\n  xnai:prefix: lab # mine\n");
  const config = decideMemoryLimits({ limitsMemory } as Engine, "lab", parseConfig(values));
  return { memoryLimits: config.memoryLimits, file: clone.read("Pulumi.lab.yaml") };
}

it("where memory can be limited nothing is written", async () => {
  expect(await decide(true, {})).toEqual({ memoryLimits: true, file: "config:\n  xnai:prefix: lab # mine\n" });
  expect((await decide(true, { memoryLimits: false })).memoryLimits).toBe(false);
});

it("where it cannot, that is written once, and the rest of the file stays", async () => {
  expect(await decide(false, {})).toEqual({
    memoryLimits: false,
    file: "config:\n  xnai:prefix: lab # mine\n  xnai:memoryLimits: false\n",
  });
  expect((await decide(false, { memoryLimits: false })).file).not.toContain("memoryLimits");
});
