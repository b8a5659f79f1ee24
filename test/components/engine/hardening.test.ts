import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../components/config/parse.ts";
import { confinement, cpuText, labels, limits } from "../../../components/engine/hardening.ts";
import { goDuration, healthcheck } from "../../../components/engine/healthcheck.ts";

describe("confinement", () => {
  it("drops everything, and adds what is proven necessary, in one order", () => {
    expect(confinement(["CAP_FOWNER", "CAP_CHOWN"])).toMatchObject({
      capabilities: { drops: ["ALL"], adds: ["CAP_CHOWN", "CAP_FOWNER"] },
      // Bare: `no-new-privileges:true` reads back in another form on some engines.
      securityOpts: ["no-new-privileges"],
      // True, the provider's default, deletes what an image keeps in an anonymous volume.
      removeVolumes: false,
      logDriver: "json-file",
      logOpts: { "max-size": "10m", "max-file": "3" },
    });
  });
});

describe("limits", () => {
  it("leave no swap: memorySwap is memory, or every preview shows a change", () => {
    expect(limits({ memoryMiB: 300, cpus: 1.5 })).toEqual({
      memory: 300,
      memorySwap: 300,
      cpus: "1.5",
      ulimits: [
        { name: "nofile", soft: 16_384, hard: 16_384 },
        { name: "nproc", soft: 16_384, hard: 16_384 },
      ],
    });
  });

  it("take the service's own numbers of files and processes", () => {
    const { ulimits } = limits({ memoryMiB: 16, cpus: 1, nofile: 256, nproc: 16 });
    expect(ulimits.map(({ soft, hard }) => [soft, hard])).toEqual([
      [256, 256],
      [16, 16],
    ]);
  });
});

describe("cpuText", () => {
  // As kreuzwerker's nanoInt64ToDecimalString prints them.
  it.each([
    [1, "1.0"],
    [2, "2.0"],
    [0.5, "0.5"],
    [0.1, "0.1"],
    [1.25, "1.25"],
    [10, "10."],
    [100, "100."],
  ])("%s is %s", (cpus, text) => expect(cpuText(cpus)).toBe(text));

  it("is the number that was given", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1280 }), (tenths) => {
        expect(Number(cpuText(tenths / 10))).toBe(tenths / 10);
      }),
    );
  });
});

describe("labels", () => {
  it("say whose a thing is, sorted, because the engine sorts them", () => {
    expect(labels(parseConfig({ prefix: "lab" }), "redis", { "io.xnai.role": "service" })).toEqual([
      { label: "io.xnai.role", value: "service" },
      { label: "io.xnai.service", value: "redis" },
      { label: "io.xnai.stack", value: "lab" },
    ]);
  });
});

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
      interval: "1s",
      timeout: "5s",
      startPeriod: "30s",
      retries: 5,
    });
  });

  it("has no start interval: engines before API 1.44 refuse it", () => {
    expect(healthcheck({ test: ["true"], intervalSeconds: 5, timeoutSeconds: 90 })).toEqual({
      tests: ["CMD", "true"],
      interval: "5s",
      timeout: "1m30s",
      startPeriod: "30s",
      retries: 5,
    });
  });
});
