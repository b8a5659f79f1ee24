import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { parseConfig } from "../../../../components/config/parse.ts";
import { plainDocker } from "../../../../lib/engine/traits.ts";
import { exitCode } from "../../../../lib/errors.ts";
import { checkAddressPools, dockersOwn, freeRanges } from "../../../../ops/engine/preflight/address-pools.ts";
import { FakeEngine } from "../../../support/fake-engine.ts";

describe("ranges for networks", () => {
  it("are thirty-one where Docker has its own", () => {
    expect(freeRanges(dockersOwn, [], 100)).toBe(31);
    expect(freeRanges(dockersOwn, ["172.17.0.0/16", "192.168.0.0/20", "fd00::/64"], 100)).toBe(29);
  });

  it("are taken by whatever overlaps them, smaller or larger", () => {
    const pools = [{ Base: "10.9.0.0/24", Size: 26 }];
    expect(freeRanges(pools, [], 100)).toBe(4);
    expect(freeRanges(pools, ["10.9.0.200/29"], 100)).toBe(3);
    expect(freeRanges(pools, ["10.9.0.0/25"], 100)).toBe(2);
    expect(freeRanges(pools, ["10.0.0.0/8"], 100)).toBe(0);
    expect(freeRanges([{ Base: "10.0.0.0/8", Size: 29 }], [], 3)).toBe(3);
  });
});

describe("before anything is changed", () => {
  let fake: FakeEngine;
  beforeAll(async () => {
    fake = await FakeEngine.start();
  });
  afterAll(() => fake.stop());
  beforeEach(() => fake.clear());

  const config = parseConfig({ prefix: "lab" });
  const two = [{ Base: "10.9.0.0/29", Size: 30 }];
  const check = (kind: "docker" | "podman" = "docker") =>
    checkAddressPools({ docker: fake.docker, traits: { ...plainDocker, kind } }, config, two);

  it("too few are said with their numbers", async () => {
    fake.networks = [{ id: "1", name: "other", subnet: "10.9.0.4/30" }];
    await expect(check()).rejects.toMatchObject({
      code: exitCode.machine,
      message: "The engine has ranges of addresses for 1 more networks, and the stack needs 3: 1 networks are there.",
      fix: expect.stringContaining("default-address-pools"),
    });
  });

  it("networks that the stack has need none", async () => {
    fake.networks = ["lab_network", "lab_web"].map((name, id) => ({ id: `${id}`, name }));
    await check();
  });

  it("Podman has as many as it wants", async () => {
    await check("podman");
  });
});
