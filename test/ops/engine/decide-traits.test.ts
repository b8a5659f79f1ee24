import { beforeEach, expect, it } from "vitest";
import { parseConfig } from "../../../components/config/parse.ts";
import { type EngineTraits, plainDocker } from "../../../lib/engine/traits.ts";
import { Clone } from "../../support/clone.ts";

const clone = new Clone();
beforeEach(() => clone.reset("lab"));

const before = "config:\n  xnai:prefix: lab # mine\n";
const without = (...limits: (keyof EngineTraits["limits"])[]) => ({
  ...plainDocker,
  limits: { ...plainDocker.limits, ...Object.fromEntries(limits.map((limit) => [limit, false])) },
});

async function decide(traits: EngineTraits, values: Record<string, unknown> = {}) {
  const { decideTraits } =
    await clone.load<typeof import("../../../ops/engine/decide-traits.ts")>("ops/engine/decide-traits.ts");
  clone.write("Pulumi.lab.yaml", before);
  const { engine } = decideTraits({ traits }, "lab", parseConfig(values));
  return { engine, file: clone.read("Pulumi.lab.yaml") };
}

it("Docker with root and every limit is what is written nowhere", async () => {
  expect(await decide(plainDocker)).toEqual({ engine: plainDocker, file: before });
});

it("another engine is written once, and the rest of the file stays", async () => {
  const rootless: EngineTraits = { ...without("memory", "cpu"), kind: "podman", rootless: true };
  const { engine, file } = await decide(rootless);
  expect(engine).toEqual(rootless);
  expect(file).toBe(
    `${before}  xnai:engine:\n    kind: podman\n    rootless: true\n    limits:\n      memory: false\n      cpu: false\n`,
  );
  expect(await decide(rootless, { engine: rootless })).toEqual({ engine: rootless, file: before });
});

it("a limit that does not hold is written, and stays so when it holds after all", async () => {
  expect((await decide(without("memory"))).file).toContain("memory: false");
  expect(await decide(plainDocker, { engine: { limits: { memory: false } } })).toEqual({
    engine: without("memory"),
    file: before,
  });
});

it("what was written before there were traits says the same", async () => {
  expect(await decide(without("memory"), { memoryLimits: false })).toEqual({ engine: without("memory"), file: before });
  expect(parseConfig({ memoryLimits: true }).engine).toEqual(plainDocker);
});

it("a preview foresees what would be written, and writes nothing", async () => {
  const { foreseeTraits } =
    await clone.load<typeof import("../../../ops/engine/decide-traits.ts")>("ops/engine/decide-traits.ts");
  const foreseen = (traits: EngineTraits) => foreseeTraits({ traits }, "lab", parseConfig({}));
  clone.write("Pulumi.lab.yaml", before);
  const rootless: EngineTraits = { ...without("memory"), kind: "podman", rootless: true };
  const { config, values } = foreseen(rootless);
  expect(config.engine).toEqual(rootless);
  expect(values).toEqual({ "xnai:engine": { kind: "podman", rootless: true, limits: { memory: false } } });
  expect(foreseen(plainDocker)).toEqual({ config: parseConfig({}), values: {} });
  expect(clone.read("Pulumi.lab.yaml")).toBe(before);
});
