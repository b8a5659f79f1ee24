import { describe, expect, it } from "vitest";
import { generatedSecret } from "../../../components/engine/secrets.ts";
import { run } from "../../support/program.ts";

describe("generated secrets", () => {
  it("are letters and digits of the length that is asked for, renewed by a number", async () => {
    const { all } = await run(() => [generatedSecret("redisPassword", 3, {}), generatedSecret("qdrantKey", 0, {}, 64)]);
    expect(all.map(({ kind, name, inputs }) => ({ kind, name, inputs }))).toEqual([
      {
        kind: "RandomPassword",
        name: "redisPassword",
        inputs: { length: 32, special: false, keepers: { rotation: "3" } },
      },
      { kind: "RandomPassword", name: "qdrantKey", inputs: { length: 64, special: false, keepers: { rotation: "0" } } },
    ]);
  });
});
