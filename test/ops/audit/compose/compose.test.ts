// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how Compose writes its variables
import { chownSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { XnaiError } from "../../../../lib/errors.ts";
import { parsePolicyConfig } from "../../../../policies/config.ts";
import { evaluate } from "../../../../policies/evaluate.ts";
import type { PortFact } from "../../../../policies/facts/model.ts";
import { rangeOf, rangeText } from "../../../../policies/facts/port-range.ts";
import { UNKNOWN } from "../../../../policies/facts/unknown.ts";
import { collected, composed, one } from "./composed.ts";

describe("ports", () => {
  const bindings = (lines: string) => {
    const range = (port: PortFact, side: "external" | "internal") => {
      const ports = rangeOf(port, side);
      return ports === UNKNOWN ? "?" : rangeText(ports);
    };
    const { ports } = one(lines).service("app");
    return ports === UNKNOWN
      ? ports
      : ports.map((port) =>
          port === UNKNOWN
            ? port
            : `${String(port.ip)} ${range(port, "external")}->${range(port, "internal")}/${String(port.protocol)}`,
        );
  };
  it.each([
    ['ports: ["6379"]', ["0.0.0.0 0->6379/tcp"]],
    ["ports: [6379]", ["0.0.0.0 0->6379/tcp"]],
    ['ports: ["80:6379"]', ["0.0.0.0 80->6379/tcp"]],
    ['ports: ["127.0.0.1:80:6379"]', ["127.0.0.1 80->6379/tcp"]],
    ['ports: ["127.0.0.1::6379"]', ["127.0.0.1 0->6379/tcp"]],
    ['ports: ["0.0.0.0:80:80/udp"]', ["0.0.0.0 80->80/udp"]],
    ['ports: ["[::1]:80:80"]', ["::1 80->80/tcp"]],
    ['ports: ["8000-8001:9000-9001"]', ["0.0.0.0 8000-8001->9000-9001/tcp"]],
    ['ports: ["9000-9001"]', ["0.0.0.0 0->9000-9001/tcp"]],
    ["ports:\n  - target: 80\n    published: 8080\n    host_ip: 127.0.0.1", ["127.0.0.1 8080->80/tcp"]],
    ['ports:\n  - target: 80\n    published: "8080"\n    protocol: udp', ["0.0.0.0 8080->80/udp"]],
    ["ports:\n  - target: 80", ["0.0.0.0 0->80/tcp"]],
    ['ports: ["8000-8005:80"]', ["0.0.0.0 8000-8005->80/tcp"]],
    ['ports: ["127.0.0.1:1-65535:1-65535/udp"]', ["127.0.0.1 1-65535->1-65535/udp"]],
    ["ports:\n  - target: 80\n    published: nonsense", [UNKNOWN]],
  ])("%s", (lines, expected) => expect(bindings(lines)).toEqual(expected));
});

describe("mounts", () => {
  const mounts = (lines: string) => one(lines, "volumes: { data: {} }").service("app").mounts;
  it.each([
    [
      "volumes: [data:/data]",
      { type: "volume", source: "data", target: "/data", readOnly: false, relabel: "", propagation: "" },
    ],
    ["volumes: [data:/data:ro]", { readOnly: true }],
    ["volumes: [./here:/data:Z]", { type: "bind", source: "./here", relabel: "Z" }],
    [
      "volumes: ['/srv/x:/data:ro,z,rslave']",
      { type: "bind", source: "/srv/x", readOnly: true, relabel: "z", propagation: "rslave" },
    ],
    ["volumes: [/data]", { type: "volume", source: "", target: "/data" }],
    [
      "volumes:\n  - type: bind\n    source: ./a\n    target: /b\n    read_only: true\n    bind: { propagation: shared, selinux: Z }",
      { type: "bind", source: "./a", readOnly: true, propagation: "shared", relabel: "Z" },
    ],
    ["volumes:\n  - type: tmpfs\n    target: /t", { type: "tmpfs", target: "/t" }],
  ])("%s", (lines, expected) => expect(mounts(lines)).toMatchObject([expected]));
  it("outside of the file's own folder are shown as they are", () => {
    expect(mounts("volumes: [../../etc/passwd:/p]")).toMatchObject([
      { source: expect.stringMatching(/^\/.*etc\/passwd$/) },
    ]);
  });
});

it("takes .env, env_file and the shell in Compose's order", () => {
  const { service } = composed(
    "services:\n  app:\n    image: redis:${TAG}\n    env_file: [a.env, { path: b.env }]\n    environment:\n      OWN: own\n      PASSED:\n",
    { ".env": "TAG=from-file\nPASSED=file\n", "a.env": "X=a\nOWN=a\n", "b.env": "X=b\n" },
    { TAG: "from-shell" },
  );
  expect(service("app").image).toBe("redis:from-shell");
  const env = service("app").env as { name: string; value: string }[];
  expect(Object.fromEntries(env.map(({ name, value }) => [name, value]))).toEqual({
    OWN: "own",
    PASSED: "file",
    X: "b",
  });
});

it("follows anchors and merge keys", () => {
  const { service } = composed(
    "x-base: &base\n  image: redis:1\n  read_only: true\nservices:\n  a: { <<: *base, user: '1000' }\n  b: { <<: *base, read_only: false }\n",
  );
  expect([service("a").readOnly, service("b").readOnly, service("a").image, service("a").user]).toEqual([
    true,
    false,
    "redis:1",
    "1000",
  ]);
});

it("follows any number of aliases that a file of that size may have", () => {
  const services = Array.from({ length: 70 }, (_, i) => `  s${i}: { <<: [*r, *d], container_name: c${i} }`);
  const { facts, service } = composed(
    `x-r: &r { restart: always }\nx-d: &d { <<: *r, image: "redis:8" }\nservices:\n${services.join("\n")}\n`,
  );
  expect(facts.filter(({ kind }) => kind === "container")).toHaveLength(70);
  expect(service("s69")).toMatchObject({ image: "redis:8", restart: "always" });
});

it("says of a published port that it is none, and calls it unknown", () => {
  const { service, notes, findings } = one("ports: [{ target: 8000, published: '127.0.0.1:8080' }]");
  expect(service("app").ports).toEqual([UNKNOWN]);
  expect(notes.join()).toContain("services.app.ports[0]: published is not a port");
  expect(findings().filter(({ rule }) => rule.name === "port-bound-to-loopback")).toMatchObject([
    { status: "undecided" },
  ]);
});

it("understands what else a service can say", () => {
  const { service } = one(
    "cap_add: [SYS_ADMIN]\ncap_drop: [ALL]\nsecurity_opt: ['no-new-privileges:true']\npid: host\nipc: host\nnetwork_mode: container:other\nuserns_mode: host\nprivileged: true\nread_only: true\n" +
      "deploy: { resources: { limits: { memory: 512M, cpus: '0.5' }, reservations: { devices: [{ capabilities: [gpu] }] } } }\nulimits: { nofile: 1024 }\nrestart: on-failure:3\nstop_grace_period: 1m\n" +
      "healthcheck: { test: curl -f http://localhost }\nlogging: { driver: local }\nsysctls: [net.ipv4.ip_default_ttl=1]\ndns: 127.0.0.1\ncommand: a b\n" +
      "extra_hosts: ['host.docker.internal:host-gateway']\n",
  );
  expect(service("app")).toMatchObject({
    capAdd: ["SYS_ADMIN"],
    capDrop: ["ALL"],
    networkMode: "container:other",
    networks: [],
    memory: 512,
    cpuLimited: true,
    ulimits: ["nofile"],
    restart: "on-failure:3",
    stopGraceSeconds: 60,
    healthcheck: ["CMD-SHELL", "curl -f http://localhost"],
    logDriver: "local",
    sysctls: { "net.ipv4.ip_default_ttl": "1" },
    dns: ["127.0.0.1"],
    command: ["a", "b"],
    hosts: [{ name: "host.docker.internal", address: "host-gateway" }],
    devices: [{ what: "a device reservation" }],
  });
});

it("knows a service that others wait for as a task", () => {
  const { broken } = composed(
    `services:
  prepare:
    image: busybox:1
    user: "0:0"
    network_mode: none
    cap_drop: [ALL]
    cap_add: [CHOWN]
    labels: { io.xnai.owner: "1000:1000" }
    volumes: [data:/data]
  app:
    image: redis:1
    user: "1000:1000"
    volumes: [data:/data]
    depends_on: { prepare: { condition: service_completed_successfully } }
volumes: { data: {} }
`,
  );
  expect(broken("non-root-user").concat(broken("writable-mount-owned"), broken("capabilities-allowed"))).toEqual([]);
});

it.skipIf(process.getuid?.() !== 0)("looks at who owns a directory today", () => {
  const text =
    "services:\n  qdrant:\n    image: qdrant/qdrant:v1\n    user: '1001:1001'\n    volumes: [./data:/qdrant/storage]\n";
  const { folder } = composed(text, { "data/wal": "" });
  chownSync(join(folder, "data"), 1000, 1000);
  const { facts } = collected(join(folder, "docker-compose.yml"));
  const [finding] = evaluate(facts, parsePolicyConfig({}, "test")).filter(
    ({ rule }) => rule.name === "writable-mount-owned",
  );
  expect(finding?.message).toContain(
    "qdrant runs as 1001:1001 and writes to ./data, which belongs to 1000:1000 (on this machine today)",
  );
  expect(finding?.message).toContain('Write user: "1000:1000"');
});

it("reads mounted configuration files for what is in them", () => {
  const { broken } = composed(
    "services:\n  app:\n    image: redis:1\n    volumes: ['./redis.conf:/etc/redis.conf:ro']\n  consul:\n    image: hashicorp/consul:1\n    volumes: ['./c.hcl:/consul/config/c.hcl:ro']\n",
    { "redis.conf": "requirepass changeme123\n", "c.hcl": "disable_update_check = true\n" },
  );
  expect(broken("no-default-password").map(({ message }) => message)).toEqual([
    expect.stringContaining("app uses a well-known default password for requirepass"),
  ]);
  expect(broken("telemetry-off")).toEqual([]);
});

it.each([
  ["no YAML", "services: [\n"],
  ["no services", "version: '3'\n"],
  ["a service that is no map", "services: { a: 1 }\n"],
])("refuses what is no compose file: %s", (_, text) => expect(() => composed(text)).toThrow(XnaiError));

it("gives an answer to every file that is YAML", () => {
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { depthSize: "small" },
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie("any"), { maxLength: 3 }),
      fc.dictionary(fc.string(), tie("any"), { maxKeys: 3 }),
    ),
  })).any;
  const keys = fc.constantFrom(
    "image",
    "ports",
    "volumes",
    "environment",
    "env_file",
    "networks",
    "command",
    "healthcheck",
    "deploy",
    "labels",
    "sysctls",
    "ulimits",
    "logging",
    "restart",
    "devices",
    "depends_on",
    "dns",
    "security_opt",
    "user",
  );
  const folder = mkdtempSync(join(tmpdir(), "xnai-compose-"));
  const file = join(folder, "docker-compose.yml");
  fc.assert(
    fc.property(fc.dictionary(keys, value, { maxKeys: 8 }), (service) => {
      writeFileSync(
        file,
        JSON.stringify({ services: { a: service, b: { depends_on: { a: null } } }, networks: { default: null } }),
      );
      try {
        for (const { message } of collected(file).findings()) expect(message).toBeTruthy();
      } catch (error) {
        // A refusal, in one line.
        expect(error).toBeInstanceOf(XnaiError);
        expect((error as XnaiError).message).toMatch(/^Compose does not read .+\.$/);
      }
    }),
    { numRuns: 40 },
  );
}, 60_000);

describe("the compose file that this project replaces", () => {
  const file = join(import.meta.dirname, "docker-compose.yml");
  const { facts, place } = collected(file);
  const findings = evaluate(facts, parsePolicyConfig({}, "test"));
  const lines = (rule: string) =>
    findings.filter((each) => each.rule.name === rule).map((each) => `${each.subject.label}:${place(each).line}`);

  it.each([
    ["port-bound-to-loopback", ["redis:17", "qdrant:30", "qdrant:31", "rag_api:42", "chainlit_ui:58", "vikunja:81"]],
    ["port-never-published", ["vikunja:81"]],
    ["no-default-password", ["redis:15", "redis:23", "rag_api:44", "vikunja-db:65", "vikunja:78", "vikunja:79"]],
    ["no-plain-secret", ["rag_api:47"]],
    ["no-docker-socket", ["rag_api:50"]],
    ["no-private-relabel", ["redis:19", "rag_api:49"]],
    ["health-check-runs", ["qdrant:36", "vikunja:89"]],
    ["telemetry-not-on", ["rag_api:45"]],
    ["database-on-internal-network", ["vikunja-db:69", "vikunja:84"]],
    ["image-tagged", ["qdrant:28", "chainlit_ui:56"]],
  ])("%s", (rule, expected) => expect(lines(rule)).toEqual(expected));

  it("breaks rules of every area and severity", () => {
    expect(new Set(findings.map(({ rule }) => rule.area)).size).toBe(6);
    expect(new Set(findings.map(({ rule }) => rule.severity)).size).toBe(4);
  });

  it("is told in the words of a compose file", () => {
    for (const { message } of findings)
      expect(message).not.toMatch(
        /securityOpts|networksAdvanced|readOnly|logDriver|capabilities\.[ad]|random\.RandomPassword/,
      );
  });
});
