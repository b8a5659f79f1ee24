// The rules where the engine is another one than Docker with root.
import { describe, expect, it } from "vitest";
import { plainDocker } from "../../lib/engine/traits.ts";
import { brief, judge } from "./support/judge.ts";
import { changed, goodStack } from "./support/stack.ts";

const podman = { kind: "podman" };
const rootless = { kind: "podman", rootless: true };
const noLimits = { limits: { memory: false, cpu: false, pids: false } };
const on = (engine: object, stack = goodStack(), more: object = {}) => judge(stack, { settings: { engine }, ...more });
const broken = (engine: object, rule: string, stack = goodStack()) =>
  brief(on(engine, stack)).filter((each) => each.startsWith(rule));
const redis = (props: Record<string, unknown>) => changed("redis", props);
const front = (props: Record<string, unknown>) => changed("front", props);

describe("what no container can have on an engine", () => {
  const unread = redis({ logOpts: undefined, ulimits: undefined });

  it("is accepted there, with the reason, and nowhere else", () => {
    const found = on(podman, unread).filter(({ status }) => status === "exempt");
    expect(brief(found, "exempt")).toEqual(["logs-bounded on app_redis", "ulimits-set on app_redis"]);
    expect(found.map(({ exemption }) => exemption?.reason).join()).toMatch(/default_ulimits.*log_size_max/);
    expect(found.every(({ exemption }) => exemption?.expires === undefined)).toBe(true);
    expect(brief(judge(unread))).toEqual(["logs-bounded on app_redis", "ulimits-set on app_redis"]);
  });

  it("covers nothing else that the same rule asks for", () => {
    expect(broken(podman, "logs-bounded", redis({ logDriver: "none" }))).toEqual(["logs-bounded on app_redis"]);
  });

  it.each([
    ["memory-limited", { memory: 0, memorySwap: 0 }],
    ["cpu-limited", { cpus: undefined }],
  ])("%s: a limit without its controller", (rule, props) => {
    const there = on(noLimits, redis(props));
    expect(brief(there, "exempt")).toContain(`${rule} on app_redis`);
    expect(brief(there).filter((each) => each.startsWith(rule))).toEqual([]);
    expect(broken({}, rule, redis(props))).toEqual([`${rule} on app_redis`]);
  });

  it("is told of, too, where a limit is kept and not enforced", () => {
    const found = brief(on({ rootless: true, cgroups: false }), "exempt");
    for (const rule of ["memory-limited", "cpu-limited", "pids-limited"])
      expect(found).toContain(`${rule} on app_redis`);
  });
});

describe("capabilities on Podman", () => {
  const all = "CHOWN DAC_OVERRIDE FOWNER FSETID KILL NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT".split(
    " ",
  );
  const dropping = (drops: string[]) => redis({ capabilities: { adds: [], drops } });
  const without = (name: string) => dropping(all.filter((each) => each !== name));
  const rules = (stack: ReturnType<typeof goodStack>, engine: object = podman) =>
    brief(on(engine, stack)).filter((each) => each.startsWith("capabilities-"));

  it("are dropped when each of its own is", () => {
    expect(rules(dropping(all))).toEqual([]);
    expect(rules(without("NET_BIND_SERVICE"))).toEqual([]);
    expect(rules(redis({ capabilities: { drops: ["ALL"] } }))).toEqual([]);
  });

  it("are not when one is kept, or none dropped, and on Docker such a list is none", () => {
    const both = ["capabilities-allowed on app_redis", "capabilities-dropped on app_redis"];
    expect(rules(without("SETUID"))).toEqual(both);
    expect(rules(redis({ capabilities: undefined }))).toEqual(["capabilities-dropped on app_redis"]);
    expect(rules(dropping(all), plainDocker)).toEqual(["capabilities-dropped on app_redis"]);
  });
});

describe("names", () => {
  const asked = (engine: object, dns: string[]) => broken(engine, "dns-not-forwarded", redis({ dns }));
  it("are asked of nobody by an address that nobody answers on", () => {
    expect(asked(podman, ["255.255.255.255"])).not.toContain("dns-not-forwarded on app_redis");
    expect(asked({}, ["127.0.0.1"])).toEqual([]);
  });
  it("would be asked of the host's own resolver on loopback on Podman, of the link's on Docker", () => {
    expect(asked(podman, ["127.0.0.1"])).toContain("dns-not-forwarded on app_redis");
    expect(asked({}, ["255.255.255.255"])).toEqual(["dns-not-forwarded on app_redis"]);
  });
});

describe("ways out", () => {
  const noRoute = { options: { no_default_route: "true" } };

  it("a network of Podman's without a route has none; masquerade is not an option there", () => {
    expect(broken(podman, "network-no-masquerade", front(noRoute))).toEqual([]);
    expect(broken(podman, "network-no-masquerade")).toEqual(["network-no-masquerade on app_network"]);
    expect(broken({}, "network-no-masquerade", front(noRoute))).toEqual(["network-no-masquerade on app_network"]);
  });

  it("what is on it reaches nobody, whatever its time to live", () => {
    const stack = front(noRoute).map((each) =>
      each.name === "redis" ? { ...each, props: { ...(each.props as object), sysctls: undefined } } : each,
    );
    expect(broken(podman, "egress-allowed", stack)).toEqual([]);
    expect(broken({}, "egress-allowed", stack)).toEqual(["egress-allowed on app_redis"]);
  });

  it("a time to live of 2, or none for clients behind routers, holds nothing without root", () => {
    const beyond = { ports: [{ internal: 6379, external: 6379, ip: "192.168.1.2" }] };
    const two = redis({ ...beyond, sysctls: { "net.ipv4.ip_default_ttl": "2" } });
    expect(broken({}, "egress-allowed", two)).toEqual([]);
    expect(broken({ rootless: true }, "egress-allowed", two)).toEqual(["egress-allowed on app_redis"]);
    const routed = redis({ ...beyond, sysctls: undefined });
    const allowed = { "egress-allowed": { routed: ["redis"] } };
    const found = (engine: object) => brief(on(engine, routed, allowed)).filter((each) => each.startsWith("egress"));
    expect([found({}), found({ rootless: true })]).toEqual([[], ["egress-allowed on app_redis"]]);
    expect(broken(rootless, "egress-allowed", redis({ sysctls: { "net.ipv4.ip_default_ttl": "1" } }))).toEqual([]);
  });
});
