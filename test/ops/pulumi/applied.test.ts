import { afterEach, describe, expect, it, vi } from "vitest";
import { parseConfig } from "../../../components/config/parse.ts";
import { Clone } from "../../support/clone.ts";

const clone = new Clone();
for (const stack of ["dev", "lab"]) clone.write(`.xnai/.pulumi/stacks/xnai/${stack}.json`, "{}");
afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

const load = () => clone.load<typeof import("../../../ops/pulumi/applied.ts")>("ops/pulumi/applied.ts");

describe("nothing has changed", () => {
  const config = parseConfig({});
  const state = ".xnai/.pulumi/stacks/xnai/same.json";

  it("after an up, and no longer after any of the things that it depends on has", async () => {
    const { inputsOf, isApplied, noteApplied } = await load();
    clone.write(state, "{}");
    expect(isApplied("same", inputsOf(config))).toBe(false);
    const changes: Record<string, () => void> = {
      "the configuration": () => Object.assign(config, parseConfig({ prefix: "lab" })),
      "the state": () => clone.write(state, '{"a":1}'),
      "a definition": () => clone.write("components/redis/definition.ts", clone.read("components/redis/definition.ts")),
      "a new file": () => clone.write("policies/rules/new.ts", ""),
      "the engine": () => vi.stubEnv("DOCKER_HOST", "unix:///other.sock"),
      "the day": () => vi.useFakeTimers({ now: Date.now() + 86_400_000, toFake: ["Date"] }),
      "a backend elsewhere": () => vi.stubEnv("PULUMI_BACKEND_URL", "s3://bucket"),
    };
    for (const [what, change] of Object.entries(changes)) {
      noteApplied("same", inputsOf(config));
      expect(isApplied("same", inputsOf(config)), what).toBe(true);
      change();
      expect(isApplied("same", inputsOf(config)), what).toBe(false);
    }
  });

  it("is not believed of a note that is damaged", async () => {
    const { inputsOf, isApplied, isConfigEdited } = await load();
    clone.write(".xnai/same.applied", "{");
    expect([isApplied("same", inputsOf(config)), isConfigEdited("same", inputsOf(config))]).toEqual([false, true]);
  });
});

it("a configuration is edited until it has been applied, however it is written", async () => {
  const { inputsOf, isConfigEdited, noteApplied } = await load();
  const config = parseConfig({ redis: { maxMemoryMiB: 512 } });
  expect(isConfigEdited("dev", inputsOf(config))).toBe(true);
  noteApplied("dev", inputsOf(config));
  expect(isConfigEdited("dev", inputsOf(parseConfig({})))).toBe(false);
  expect(isConfigEdited("dev", inputsOf(parseConfig({ redis: { maxMemoryMiB: 256 } })))).toBe(true);
  expect(isConfigEdited("lab", inputsOf(config))).toBe(true);
});
