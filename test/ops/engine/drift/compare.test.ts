// What is found where state and engine differ, for each volume, network and container: missing, foreign, changed by hand.
import type Docker from "dockerode";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../../components/config/parse.ts";
import { differences } from "../../../../ops/engine/drift/compare.ts";
import { checkNobodyElseOn, checkNoDataLost, replaced, withReplaced } from "../../../../ops/engine/drift/put-right.ts";
import type { EngineView } from "../../../../ops/engine/drift/view.ts";
import type { ServiceStatus } from "../../../../ops/engine/status/index.ts";
import { containerIds } from "../../../../ops/pulumi/resources.ts";
import type { StateResource } from "../../../../ops/pulumi/state.ts";
import { container, marker, network, stateOf, volume } from "../../../support/state.ts";

const labels = (service: string, role: string) => ({
  "io.xnai.stack": "lab",
  "io.xnai.service": service,
  "io.xnai.role": role,
});
const main = { ...network("main", "net-1"), inputs: { name: "lab_network" } };
const redis = container(
  "redis",
  "redis-1",
  { name: "lab_redis", networksAdvanced: [{ name: "lab_network" }] },
  labels("redis", "service"),
);
const data = volume("redis-data", "lab_redis_data", labels("redis", "data"));
const files = volume("redis-config", "lab_redis_config", labels("redis", "config"));
const prepare = marker("redis-prepare", { ...labels("redis", "task"), "io.xnai.owner": "1000:1000" });
const ready: StateResource = {
  ...marker("redis-ready", {}),
  inputs: { keepers: { containerName: "lab_redis", follows: "redis-1" } },
};
const state = stateOf(main, data, files, prepare, redis, ready);
const config = parseConfig({ prefix: "lab" });
/** The main network where the program made it: state knows its description, and no id. */
const made: StateResource = {
  ...marker("main", {}),
  inputs: { keepers: { network: JSON.stringify({ name: "lab_network", options: { no_default_route: "true" } }) } },
};

interface Listed {
  Id?: string;
  Names?: string[];
  State?: string;
  Labels?: Record<string, string>;
  networks?: Record<string, string>;
}
const listed = ({ networks = { lab_network: "net-1" }, ...more }: Listed = {}) =>
  ({
    Id: "redis-1",
    Names: ["/lab_redis"],
    Image: "redis:8",
    State: "running",
    Labels: labels("redis", "service"),
    NetworkSettings: {
      Networks: Object.fromEntries(Object.entries(networks).map(([name, NetworkID]) => [name, { NetworkID }])),
    },
    ...more,
  }) as unknown as Docker.ContainerInfo;
const named = (...names: string[]) => names.map((Name) => ({ Name })) as Docker.VolumeInspectInfo[];
const networkList = (...all: [id: string, name: string][]) =>
  all.map(([Id, Name]) => ({ Id, Name })) as Docker.NetworkInspectInfo[];
const whole: EngineView = {
  containers: [listed()],
  networks: networkList(["net-1", "lab_network"]),
  volumes: named("lab_redis_data", "lab_redis_config"),
};
const found = (view: Partial<EngineView>, more: object = {}) =>
  differences({ config, state, view: { ...whole, ...view }, ...more });

describe("an engine that is as up left it", () => {
  it("differs in nothing", () => expect(found({})).toEqual([]));
  it("differs in nothing of a service that is switched off", () => {
    const off = parseConfig({ prefix: "lab", services: { redis: false } });
    expect(found({ containers: [], volumes: named("lab_redis_data") }, { config: off })).toEqual([]);
  });
});

describe("a container", () => {
  it.each<[string, Docker.ContainerInfo[], RegExp]>([
    ["that is gone", [], /lab_redis is gone: it is made anew, on the data that is there/],
    ["that was renamed", [listed({ Names: ["/old"] })], /lab_redis is called old now/],
    ["that was taken off a network", [listed({ networks: {} })], /lab_redis is not on lab_network any more/],
    ["on an older network of the same name", [listed({ networks: { lab_network: "net-0" } })], /not on lab_network/],
  ])("%s is made anew", (_, containers, text) => {
    const [difference, ...others] = found({ containers });
    expect(difference?.text).toMatch(text);
    expect([difference?.replace, difference?.inTheWay, others]).toEqual([[redis.urn], undefined, []]);
  });

  it("that never started is on no network yet, and that is no reason", () => {
    const [difference] = found({ containers: [listed({ State: "created", networks: { lab_network: "" } })] });
    expect(difference).toEqual({ text: "the container lab_redis is created: it is started", replace: [ready.urn] });
  });

  it.each(["exited", "created", "restarting", "paused", "dead"])("that is %s is started, and waited for", (State) => {
    expect(found({ containers: [listed({ State })] })).toEqual([
      { text: `the container lab_redis is ${State}: it is started`, replace: [ready.urn] },
    ]);
  });

  it("that runs and does not answer is waited for; one that nobody has asked is left alone", () => {
    const statuses = [{ container: "lab_redis", health: "unhealthy" }] as ServiceStatus[];
    expect(found({}, { statuses })).toEqual([
      { text: "the container lab_redis runs and does not answer: it is waited for", replace: [ready.urn] },
    ]);
  });

  it("that somebody made anew with its name and labels goes, and up's own takes its place", () => {
    const view = { containers: [listed({ Id: "redis-2" })] };
    const [difference, ...others] = found(view);
    expect(difference).toMatchObject({
      text: expect.stringContaining("on the same data and with the same passwords"),
      replace: [redis.urn],
      inTheWay: { kind: "container", id: "redis-2", name: "lab_redis" },
    });
    expect(others).toEqual([]);
    expect(containerIds(withReplaced(state, found(view)))).toEqual(new Set(["redis-2"]));
  });

  it("that merely has the name is somebody else's", () => {
    for (const Labels of [{}, { "io.xnai.stack": "other" }] as Record<string, string>[])
      expect(found({ containers: [listed({ Id: "redis-2", Labels })] })).toEqual([]);
  });
});

describe("a network", () => {
  it.each<[string, Docker.NetworkInspectInfo[], object | undefined]>([
    ["that is gone", [], undefined],
    [
      "that was made anew",
      networkList(["net-2", "lab_network"]),
      { kind: "network", id: "net-2", name: "lab_network" },
    ],
  ])("%s is made anew, with what is on it", (_, networks, inTheWay) => {
    const all = found({ networks });
    expect(replaced(all, false)).toEqual([main.urn, redis.urn]);
    // A refresh finds no network to replace; what was on it is still there.
    expect(replaced(all, true)).toEqual([redis.urn]);
    expect(all[0]?.inTheWay).toEqual(inTheWay);
  });

  it("with somebody else's container on it is not removed, and who is on it is named", () => {
    const guest = listed({
      Id: "guest",
      Names: ["/guest"],
      Labels: {},
      State: "exited",
      networks: { lab_network: "net-2" },
    });
    const view = { ...whole, containers: [listed(), guest], networks: networkList(["net-2", "lab_network"]) };
    const all = differences({ config, state, view });
    expect(() => checkNobodyElseOn(all, state, view)).toThrow(/guest is on lab_network \(exited/);
    expect(() => checkNobodyElseOn(all, state, { ...view, containers: [listed()] })).not.toThrow();
  });
});

describe("a volume", () => {
  it("with configuration files is made again, and its files are written anew", () => {
    const [difference] = found({ volumes: named("lab_redis_data") });
    expect(difference).toEqual({
      text: "the volume lab_redis_config with files of redis is gone: they are written anew",
      replace: [prepare.urn],
      volume: { name: "lab_redis_config", labels: labels("redis", "config") },
    });
  });

  it.each([true, false])("with data is never made anew unless the user gives the data up (service on: %s)", (on) => {
    const all = found(
      { volumes: named("lab_redis_config") },
      { config: parseConfig({ prefix: "lab", services: { redis: on } }) },
    );
    expect(all).toMatchObject([
      { lostData: "redis", volume: { name: "lab_redis_data" }, replace: on ? [prepare.urn] : [] },
    ]);
    expect(() => checkNoDataLost(all, ["qdrant"])).toThrow(/the volume lab_redis_data with data of redis is gone/);
    try {
      checkNoDataLost(all, []);
    } catch (error) {
      expect(error).toMatchObject({ code: 3, fix: expect.stringContaining("npm run up -- --accept-data-loss redis") });
    }
    expect(() => checkNoDataLost(all, ["redis"])).not.toThrow();
  });
});

describe("a network that the program made itself", () => {
  const there = stateOf(made, data, files, prepare, redis, ready);
  const seen = (networks: object[]) =>
    differences({ config, state: there, view: { ...whole, networks: networks as Docker.NetworkInspectInfo[] } });

  it("is known by its name and what it was made with", () => {
    expect(seen([{ Id: "any", Name: "lab_network", Options: { no_default_route: "true" } }])).toEqual([]);
  });

  it("is made anew, with what is on it, when it is gone", () => {
    expect(seen([])).toEqual([
      { text: expect.stringContaining("lab_network is gone"), replace: [made.urn, redis.urn] },
    ]);
  });

  it("goes first when somebody else made it otherwise", () => {
    expect(seen([{ Id: "other", Name: "lab_network", Options: {} }])).toEqual([
      {
        text: expect.stringContaining("another one than up made"),
        replace: [made.urn, redis.urn],
        inTheWay: { kind: "network", id: "other", name: "lab_network" },
      },
    ]);
  });
});
