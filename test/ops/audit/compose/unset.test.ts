// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how Compose writes its variables
// A variable that nobody sets is unknown: there is no .env in CI.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { UNKNOWN } from "../../../../policies/facts/unknown.ts";
import { collected, composed, folderOf, one } from "./composed.ts";

describe("what depends on an unset variable is unknown", () => {
  it.each([
    ["privileged: ${X}", { privileged: UNKNOWN }],
    ["read_only: ${X}", { readOnly: UNKNOWN }],
    ["mem_limit: ${X}m", { memory: UNKNOWN }],
    ["deploy: { resources: { limits: { memory: '${X}', cpus: '${Y}' } } }", { memory: UNKNOWN, cpuLimited: UNKNOWN }],
    ["pids_limit: ${X}", { pids: UNKNOWN }],
    ["stop_grace_period: ${X}s", { stopGraceSeconds: UNKNOWN }],
    ["user: '${X}:${Y}'", { user: UNKNOWN }],
    ["network_mode: ${X}", { networkMode: UNKNOWN }],
    ["cap_add: ['${X}']", { capAdd: [UNKNOWN] }],
    ["command: redis-server --port ${X}", { command: ["redis-server", "--port", UNKNOWN] }],
    [
      "environment: ['A=${X}', B=b]",
      {
        env: [
          { name: "A", value: UNKNOWN },
          { name: "B", value: "b" },
        ],
      },
    ],
    ["environment: { A: 'a${X}' }", { env: [{ name: "A", value: UNKNOWN }] }],
    ["environment: [NOBODY_SETS_IT]", { env: [{ name: "NOBODY_SETS_IT", value: UNKNOWN }] }],
    ["healthcheck: { test: [CMD, '${X}'], disable: '${Y}' }", { healthcheck: UNKNOWN }],
    ["volumes: ['${X}:/data']", { mounts: [UNKNOWN] }],
    ["volumes: ['./${X}:/data']", { mounts: [{ type: "bind", source: UNKNOWN, target: "/data" }] }],
    ["networks: ['${X}']", { networks: [{ network: UNKNOWN }] }],
    ["ulimits: { nofile: '${X}' }", { ulimits: ["nofile"] }],
  ])("%s", (lines, facts) => expect(one(lines).service("app")).toMatchObject(facts));
  it("an image", () => expect(composed("services: { a: { image: 'redis:${X}' } }").service("a").image).toBe(UNKNOWN));
});

describe("a port with an unset variable", () => {
  it.each([
    ["${X}:80", { internal: 80, external: UNKNOWN, ip: UNKNOWN }],
    ["127.0.0.1:${X}:80/udp", { internal: 80, external: UNKNOWN, ip: "127.0.0.1", protocol: "udp" }],
    ["${X}:8080:80", { internal: 80, external: 8080, ip: UNKNOWN }],
    ["8080:${X}", { internal: UNKNOWN, external: 8080, ip: "0.0.0.0" }],
    ["${X}", { internal: UNKNOWN, external: UNKNOWN, ip: UNKNOWN }],
    ["${X:-8080}:80", { internal: 80, external: 8080, ip: "0.0.0.0" }],
    ["${X:-${Y:-127.0.0.1:}}8080:80", { internal: 80, external: 8080, ip: "127.0.0.1" }],
  ])("%s", (port, facts) => expect(one(`ports: ["${port}"]`).service("app").ports).toMatchObject([facts]));
});

describe("interpolation is Compose's own", () => {
  it.each([
    ["$A ${A}", "a a"],
    ["${B:-b}", "b"],
    ["${EMPTY:-b}", "b"],
    ["${EMPTY-b}", ""],
    ["${A:+yes}${B:+no}", "yes"],
    ["${EMPTY+set}", "set"],
    ["${B:-${A}x}", "ax"],
    ["${B:-${C:-deep}}", "deep"],
    ["${B:-${C}}", UNKNOWN],
    ["${A:-${C}}", "a"],
    ["$$A costs $$5", "$A costs $5"],
    ["${A:?must be set}", "a"],
    ["${B:?must be set}", UNKNOWN],
  ])("%s", (text, value) => {
    const { service } = composed(
      `services: { a: { image: redis, environment: { V: ${JSON.stringify(text)} } } }`,
      {},
      { A: "a", EMPTY: "" },
    );
    expect(service("a").env).toMatchObject([{ value }]);
  });
  it("also in .env, whose values may refer to others", () => {
    const { service } = composed("services: { a: { image: 'redis:${B}' } }", { ".env": "A=1\nB=${A}.2\n" });
    expect(service("a").image).toBe("redis:1.2");
  });
});

it("says which variables are missing, and which of them Compose insists on", () => {
  const { notes } = composed("services: { a: { image: '${A}${B}', user: '${NEEDED:?the S3cretValue}' } }");
  expect(notes).toEqual([
    "The variables A, B are set nowhere (there is no .env): what depends on it is not known, and Compose would take it for empty.",
    "The variable NEEDED is set nowhere (there is no .env): Compose starts nothing without it.",
  ]);
});

it("says that the name of an env_file is not known", () => {
  expect(one("env_file: ['${X}.env']").notes).toContain(
    "services.app.env_file: the name of a file depends on a variable that is not set: what it sets is unknown.",
  );
});

it("names them too when Compose refuses the file for want of them", () => {
  expect(() => one("cgroup: ${X}")).toThrow(/services\.app\.cgroup.* \(not set: X\)\.$/);
});

it("a network of which nobody says whether it is external", () => {
  expect(one("networks: [n]", "networks: { n: { external: '${X}' } }").facts).toContainEqual(
    expect.objectContaining({ kind: "network", name: UNKNOWN, internal: UNKNOWN, external: true }),
  );
});

it("says of every file with variables why it is not read", () => {
  const folder = folderOf({ "compose.yml": "services: { a: { image: redis, env_file: [missing.env, /dev/zero] } }" });
  mkdirSync(join(folder, ".env"));
  const { notes } = collected(folder);
  expect(notes).toHaveLength(3);
  expect(notes).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^services\.a: env_file .*missing\.env cannot be read \(no such file or directory\)/),
      expect.stringMatching(/^services\.a: env_file \/dev\/zero cannot be read \(not a regular file\)/),
      expect.stringMatching(/\.env cannot be read: a folder\.$/),
    ]),
  );
});

it("is set for the request that sets it, and for no other that the same program reads", () => {
  const read = (variables: Record<string, string>) =>
    composed("services: { a: { image: x, user: '${X}' } }", {}, variables).service("a").user;
  expect([read({ X: "1000" }), read({}), read({ X: "1001" })]).toEqual(["1000", UNKNOWN, "1001"]);
});
