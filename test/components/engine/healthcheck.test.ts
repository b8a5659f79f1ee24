import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { goDuration, healthcheck } from "../../../components/engine/healthcheck.ts";

describe("goDuration", () => {
  it.each([
    [0, "0s"],
    [0.2, "200ms"],
    [1, "1s"],
    [59, "59s"],
    [60, "1m0s"],
    [90, "1m30s"],
    [3600, "1h0m0s"],
    [3661, "1h1m1s"],
  ])("%s s is %s", (seconds, text) => expect(goDuration(seconds)).toBe(text));

  it("is the number that was given, with no unit that could be carried over", () => {
    fc.assert(
      fc.property(fc.nat(100_000), (seconds) => {
        const parts = /^(?:(\d+)h)?(?:(\d+)m)?(\d+)s$/.exec(goDuration(seconds));
        const [hours = 0, minutes = 0, rest = 0] = (parts ?? []).slice(1).map((part) => Number(part ?? 0));
        expect(hours * 3600 + minutes * 60 + rest).toBe(seconds);
        expect(Math.max(minutes, rest)).toBeLessThan(60);
      }),
    );
  });
});

describe("healthcheck", () => {
  it("sets every field, because what is missing comes from the image and reads back as a change", () => {
    expect(healthcheck({ test: ["redis-cli", "ping"] })).toEqual({
      tests: ["CMD", "redis-cli", "ping"],
      interval: "30s",
      timeout: "5s",
      startPeriod: "30s",
      retries: 2,
    });
  });

  it("has no start interval: engines before API 1.44 refuse it", () => {
    expect(healthcheck({ test: ["true"], timeoutSeconds: 90 })).toEqual({
      tests: ["CMD", "true"],
      interval: "30s",
      timeout: "1m30s",
      startPeriod: "30s",
      retries: 2,
    });
  });
});
