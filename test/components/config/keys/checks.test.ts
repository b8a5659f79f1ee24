import { describe, expect, it } from "vitest";
import { configProblems as problems } from "../../../support/config-problems.ts";

describe("checks across keys", () => {
  it("are made although something else is wrong", () => {
    const wrong = {
      services: { postgres: false, redis: "on" },
      resources: { redis: { memoryMiB: 20, cpus: 0 } },
      exposure: { caddy: { port: 6379, address: 1 } },
    };
    expect(problems(wrong).map((problem) => problem.split(" ")[0])).toEqual([
      "services.redis",
      "services.postgres",
      "exposure.caddy.address",
      "exposure.redis.port",
      "resources.redis.cpus",
      "resources.redis.memoryMiB",
    ]);
  });

  it("are quiet about values that are none of theirs", () => {
    for (const none of [null, true, 1, "x", []])
      for (const key of ["services", "resources", "exposure", "caddy", "redis"])
        expect(problems({ [key]: none })).toHaveLength(1);
  });
});
