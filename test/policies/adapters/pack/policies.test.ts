import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { markerType } from "../../../../policies/facts/marker.ts";
import { allRules } from "../../../../policies/rules/all.ts";
import { Analyzer } from "../../support/analyzer.ts";
import { changed, goodContainer, goodStack, named, resource, unknown } from "../../support/stack.ts";

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });
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
    expect(policies.map((each) => each.name)).toEqual(expect.arrayContaining(allRules.map((rule) => rule.name)));
  });

  it("finds nothing in a right stack", async () => {
    expect(await analyzer.preview(goodStack())).toEqual([]);
  });

  it("stops a port on every interface, and says what to write", async () => {
    const [diagnostic, ...others] = await analyzer.analyze(open);
    expect(others).toEqual([]);
    expect(diagnostic).toMatchObject({ policy: "port-bound-to-loopback", level: "mandatory" });
    expect(diagnostic?.message).toContain(
      'app_redis publishes 6379 on every interface of the host (0.0.0.0). Write ip: "127.0.0.1"',
    );
  });

  it("reads the containers that a marker describes, one or several, by the same rules", async () => {
    const task = (more: object) => ({
      ...goodContainer("redis", "app_network"),
      mustRun: false,
      restart: "no",
      ...more,
    });
    const marker = (container: unknown, keepers = {}) =>
      resource(markerType, "prepare", { keepers: { container: JSON.stringify(container), ...keepers } });
    const policies = async (each: ReturnType<typeof marker>) =>
      (await analyzer.analyze(each)).map(({ policy }) => policy);
    expect(await policies(marker(task({})))).toEqual([]);
    expect(await policies(marker(task({ privileged: true })))).toEqual(["not-privileged"]);
    expect(await policies(marker([task({}), task({ networkMode: "host" })]))).toEqual(["no-host-network"]);
    const password = { "file redis.conf": "requirepass changeme123" };
    expect(await policies(marker(task({}), password))).toEqual(["no-default-password"]);
    // A RandomUuid that is nothing but that.
    for (const keepers of [{}, { container: "blue" }, { container: "[1]" }])
      expect(await policies(resource(markerType, "id", { keepers }))).not.toContain("not-privileged");
  });

  it("prints what is not known yet, and still judges the rest", async () => {
    const ports = [
      { internal: 6379, external: 6379, ip: unknown },
      { internal: 3456, external: 3456, ip: "127.0.0.1" },
    ];
    const found = await analyzer.analyze(redis(ports));
    expect(found.map((each) => each.policy)).toEqual(["published-port-allowed", "port-never-published"]);
    await expect
      .poll(() => analyzer.printed)
      .toContain("Policy port-bound-to-loopback, undecided until up: app_redis: ports[0].ip is not known before up.");
  });

  it("prints a used exemption instead of reporting the violation", async () => {
    const exemption = {
      rule: "port-bound-to-loopback",
      resource: "app_redis",
      reason: "until the move",
      expires: "2999-01-01",
    };
    await analyzer.configure({ settings: { level: "mandatory", properties: { exemptions: [exemption] } } });
    expect(await analyzer.analyze(open)).toEqual([]);
    await expect
      .poll(() => analyzer.printed.at(-1))
      .toContain("exempt until 2999-01-01 (until the move): app_redis publishes");
    await analyzer.configure({});
  });

  it("judges a stack by inputs, since outputs are unknown in a preview", async () => {
    for (const each of goodStack()) await analyzer.analyze(each);
    const outputs = goodStack().map((each) => ({
      ...each,
      props: { ...(each.props as object), internal: unknown, networksAdvanced: unknown, ports: unknown },
    }));
    const before = analyzer.printed.length;
    expect(await analyzer.analyzeStack(outputs)).toEqual([]);
    expect(analyzer.printed.slice(before)).toEqual([]);
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
    const found = await analyzer.preview(twice);
    expect(found.map((each) => each.policy)).toEqual(["host-port-unique", "host-port-unique"]);
  });
});
