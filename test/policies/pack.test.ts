import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rules } from "../../policies/catalogue.ts";
import { Analyzer } from "./support/analyzer.ts";
import { changed, goodStack, named, unknown } from "./support/stack.ts";

const analyzer = new Analyzer();
beforeAll(() => analyzer.start());
afterAll(() => analyzer.stop());

const redis = (ports: object[]) => named("redis", changed("redis", { ports }));
const open = redis([{ internal: 6379, external: 6379, ip: "0.0.0.0", __defaults: [] }]);

describe("the pack, as the engine talks to it", () => {
  it("serves every rule as a policy, settings first", async () => {
    const { name, policies } = await analyzer.info();
    expect(name).toBe("xnai");
    expect(policies[0]?.name).toBe("settings");
    expect(policies.map((each) => each.name)).toEqual(expect.arrayContaining(rules.map((rule) => rule.name)));
  });

  it("finds nothing in a right stack", async () => {
    for (const each of goodStack()) expect(await analyzer.analyze(each)).toEqual([]);
    expect(await analyzer.analyzeStack(goodStack())).toEqual([]);
  });

  it("stops a port on every interface, and says what to write", async () => {
    const [diagnostic, ...others] = await analyzer.analyze(open);
    expect(others).toEqual([]);
    expect(diagnostic).toMatchObject({ policy: "port-bound-to-loopback", level: "mandatory" });
    expect(diagnostic?.message).toContain(
      'app_redis publishes 6379 on every interface of the host (0.0.0.0). Write ip: "127.0.0.1"',
    );
  });

  it("lists what is not known yet as advisory, and still judges the rest", async () => {
    const ports = [
      { internal: 6379, external: 6379, ip: unknown },
      { internal: 3456, external: 3456, ip: "127.0.0.1" },
    ];
    const found = await analyzer.analyze(redis(ports));
    expect(found.filter((each) => each.level === "mandatory").map((each) => each.policy)).toEqual([
      "published-port-allowed",
      "port-never-published",
    ]);
    expect(found.filter((each) => each.level === "advisory")).toMatchObject([
      { policy: "undecided-until-up", message: expect.stringContaining("ports[0].ip") },
    ]);
  });

  it("reports a used exemption instead of the violation", async () => {
    const exemption = {
      rule: "port-bound-to-loopback",
      resource: "app_redis",
      reason: "until the move",
      expires: "2999-01-01",
    };
    await analyzer.configure({ settings: { level: "mandatory", properties: { exemptions: [exemption] } } });
    expect(await analyzer.analyze(open)).toMatchObject([
      { policy: "exemption-in-use", level: "advisory", message: expect.stringContaining("until the move") },
    ]);
    await analyzer.configure({});
  });

  it("takes levels and parameters from the configuration", async () => {
    await analyzer.configure({ "port-bound-to-loopback": { level: "disabled" } });
    expect(await analyzer.analyze(open)).toEqual([]);
    await analyzer.configure({
      "port-bound-to-loopback": { level: "mandatory", properties: { addresses: ["0.0.0.0"], services: ["redis"] } },
    });
    expect(await analyzer.analyze(open)).toEqual([]);
    await analyzer.configure({});
  });

  it("judges two resources together", async () => {
    const twice = changed("qdrant", { ports: [{ internal: 6333, external: 6379, ip: "127.0.0.1" }] });
    const found = await analyzer.analyzeStack(twice);
    expect(found.map((each) => each.policy)).toEqual(["host-port-unique", "host-port-unique"]);
  });
});
