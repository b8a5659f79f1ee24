// What hands over the host, or the engine, by another name arrives in the facts.
import { describe, expect, it } from "vitest";
import { UNKNOWN } from "../../../../policies/facts/unknown.ts";
import { composed, one } from "./composed.ts";

describe("mounts that Compose makes by itself", () => {
  it.each([
    ["use_api_socket: true", "", { path: "use_api_socket", source: "/var/run/docker.sock", given: "api-socket" }],
    [
      "secrets: [s]",
      "secrets: { s: { file: /var/run/docker.sock } }",
      { path: "secrets[0]", source: "/var/run/docker.sock", target: "/run/secrets/s", given: "secret", readOnly: true },
    ],
    [
      "secrets: [{ source: s, target: /in }]",
      "secrets: { s: { file: ./shadow } }",
      { source: "./shadow", target: "/in" },
    ],
    [
      "configs: [c]",
      "configs: { c: { file: /etc/shadow } }",
      { path: "configs[0]", source: "/etc/shadow", target: "/c", given: "config" },
    ],
    ["volumes_from: ['container:portainer:ro']", "", { type: "from", source: "portainer", readOnly: true }],
    [
      "volumes: [{ type: npipe, source: '\\\\.\\pipe\\docker_engine', target: /x }]",
      "",
      { type: "bind", source: "\\\\.\\pipe\\docker_engine" },
    ],
  ])("%s", (lines, more, mount) => expect(one(lines, more).service("app").mounts).toMatchObject([mount]));
  it("are found by the rules", () => {
    expect(one("use_api_socket: true").broken("no-docker-socket")).toHaveLength(1);
    expect(one("secrets: [s]", "secrets: { s: { file: /etc/shadow } }").broken("no-sensitive-host-path")).toHaveLength(
      1,
    );
  });
  it("what volumes_from takes from another service, and from whom that takes it", () => {
    const { service } = composed(
      "services:\n  a: { image: x, volumes_from: ['b:ro'] }\n  b: { image: x, volumes_from: [c], volumes: ['/b:/b'] }\n  c: { image: x, volumes: ['/c:/c'] }\n",
    );
    expect(service("a").mounts).toMatchObject([
      { path: "volumes_from[0]", source: "/b", readOnly: true },
      { path: "volumes_from[0]", source: "/c", readOnly: true },
    ]);
    expect(service("b").mounts).toMatchObject([{ source: "/b", readOnly: false }, { source: "/c" }]);
  });
  it("says that the mounts of a foreign container are not seen", () => {
    expect(one("volumes_from: ['container:portainer']").notes.join()).toContain(
      "services.app mounts what the container portainer mounts",
    );
  });
});

describe("networks that the engine has by itself", () => {
  const joined = (network: string) => {
    const { networkMode, networks } = one("networks: [n]", `networks: { n: ${network} }`).service("app");
    return { networkMode, networks };
  };
  it.each(["host", "bridge", "none"])("%s by name is the network mode", (name) => {
    expect(joined(`{ external: true, name: ${name} }`)).toEqual({ networkMode: name, networks: [] });
  });
  it("any other name is a network", () => {
    expect(joined("{ external: true, name: proxy }")).toMatchObject({
      networkMode: "",
      networks: [{ network: "proxy" }],
    });
  });
  it("an empty list means the project's own default network", () => {
    const { service, broken, facts } = one("networks: []", "networks: { default: { internal: true } }");
    expect(service("app").networks).toMatchObject([{ network: "default" }]);
    expect(broken("network-named")).toEqual([]);
    expect(facts.filter(({ kind }) => kind === "network")).toMatchObject([{ name: "default", internal: true }]);
  });
});

it("hooks, with user and privileges", () => {
  const { service } = one(
    "post_start: [{ command: chown -R x /data, user: root, privileged: true }]\npre_stop: [{ command: [a, b], environment: [A=b] }]",
  );
  expect(service("app").hooks).toMatchObject([
    { path: "post_start[0]", command: ["chown", "-R", "x", "/data"], user: "root", privileged: true },
    { path: "pre_stop[0]", command: ["a", "b"], privileged: false, env: [{ name: "A", value: "b" }] },
  ]);
});

it("what runs before a service starts is a container, and so is a job", () => {
  const { facts, place, broken } = composed(
    "services:\n  app:\n    image: redis\n    pre_start:\n      - image: busybox\n        privileged: true\njobs:\n  backup:\n    image: busybox\n    privileged: true\n    triggers: { manual: true }\n",
  );
  expect(facts.map(({ id }) => id)).toEqual(
    expect.arrayContaining(["services.app", "services.app.pre_start[0]", "jobs.backup"]),
  );
  expect(broken("not-privileged").map((each) => `${each.subject.label}:${place(each).line}`)).toEqual([
    "app (pre_start):6",
    "backup:10",
  ]);
});

it("a provider's service is no container", () => {
  const { facts, notes } = composed("services: { a: { image: redis }, db: { provider: { type: cloud } } }");
  expect(facts.filter(({ kind }) => kind === "container").map(({ label }) => label)).toEqual(["a"]);
  expect(notes.join()).toContain("services.db is run by a provider");
});

it("configs whose text stands in the file are read like mounted ones", () => {
  const { service, broken } = one("configs: [c]", "configs: { c: { content: 'requirepass changeme' } }");
  expect(service("app").uploads).toEqual([{ path: "configs[0]", file: "/c", content: "requirepass changeme" }]);
  expect(broken("no-default-password")).toHaveLength(1);
});

it.each([
  ["uts: host", { utsMode: "host" }],
  ["annotations: { a: b }", { annotations: [{ name: "a", value: "b" }] }],
  ["labels: [com.example.proxy]", { labels: [{ name: "com.example.proxy", value: "" }] }],
  ["privileged: yes", { privileged: true }],
  ["read_only: on", { readOnly: true }],
  ["privileged: 'True'", { privileged: true }],
  ["pids_limit: -1", { pids: 0 }],
  ["devices: ['/dev/kvm:/dev/kvm']\ngpus: all", { devices: [{ what: "device /dev/kvm" }, { what: "GPUs" }] }],
])("%s", (lines, facts) => expect(one(lines).service("app")).toMatchObject(facts));

it("reads booleans of networks as Compose does", () => {
  expect(one("networks: [n]", "networks: { n: { internal: yes } }").facts).toContainEqual(
    expect.objectContaining({ kind: "network", internal: true }),
  );
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of Compose
  expect(one("networks: [n]", "networks: { n: { internal: '${X}' } }").facts).toContainEqual(
    expect.objectContaining({ kind: "network", internal: UNKNOWN }),
  );
});
