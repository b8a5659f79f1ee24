// No value reaches any output: secrets in every position of a compose file and of resources, looked for in every format.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ResourceValidationArgs, StackValidationArgs } from "@pulumi/policy";
import fc from "fast-check";
import { afterAll, expect, it, vi } from "vitest";
import type { AuditInput } from "../../../../ops/audit/input.ts";
import { jsonReport } from "../../../../ops/audit/report/json.ts";
import { markdownReport } from "../../../../ops/audit/report/markdown.ts";
import { activeRules, makeReport } from "../../../../ops/audit/report/report.ts";
import { sarifReport } from "../../../../ops/audit/report/sarif.ts";
import { textReport } from "../../../../ops/audit/report/text.ts";
import { Gate } from "../../../../policies/adapters/gate.ts";
import { policies } from "../../../../policies/adapters/pack/policies.ts";
import { parsePolicyConfig } from "../../../../policies/config.ts";
import { evaluate } from "../../../../policies/evaluate.ts";
import type { Facts } from "../../../../policies/facts/model.ts";
import { factsOf, type PulumiResource } from "../../../../policies/facts/pulumi.ts";
import { goodContainer, goodStack, resource } from "../../../policies/support/stack.ts";
import { collected } from "../compose/composed.ts";

const config = parsePolicyConfig({ all: "mandatory" }, "test");

/** A word that is nowhere by chance. */
const secret = fc.stringMatching(/^[A-Za-z0-9]{6,24}$/).map((word) => `S3${word}Zz`);
/** The ways in which one stands in a value. */
const shape = fc.constantFrom<(secret: string) => string>(
  (s) => s,
  (s) => `$${s}`,
  (s) => `/${s}`,
  (s) => `--password=${s}`,
  (s) => `--password ${s}`,
  (s) => `-p${s}`,
  (s) => `-${s}`,
  (s) => `Password=${s};`,
  (s) => `user:${s}`,
  (s) => `{"password":"${s}"}`,
  (s) => `base64:${s}`,
  (s) => `postgres://app:${s}@db/app`,
  (s) => `tcp://app:${s}@db:2375`,
  (s) => `https://h.test/?token=${s}`,
  (s) => `redis-cli -a ${s} ping; mysqladmin -p${s}`,
  (s) => `x\n${s}\u001b[31m`,
);

type Tree = { [key: string]: Tree } | Tree[] | string | number | boolean;
/** Keys whose values are names or paths: these are what a report is made of. */
const names = new Set(
  [
    "name",
    "image",
    "container_name",
    "networks",
    "networksAdvanced",
    "source",
    "target",
    "hostPath",
    "containerPath",
    "volumeName",
    "file",
  ].concat(["label", "env_file", "profiles", "depends_on", "secrets", "configs", "volumes_from"]),
);

/** `tree` with `value(text)` for the strings that `chosen` says, by their number. */
function planted(tree: Tree, chosen: (i: number) => boolean, value: (text: string) => string): Tree {
  let count = 0;
  const walk = (node: Tree): Tree => {
    if (typeof node === "string") return chosen(count++) ? value(node) : node;
    if (Array.isArray(node)) return node.map(walk);
    if (typeof node !== "object") return node;
    return Object.fromEntries(Object.entries(node).map(([key, each]) => [key, names.has(key) ? each : walk(each)]));
  };
  return walk(tree);
}

/** In `NAME=value` the value is replaced, in `a: b` of a mount nothing is, everything else as a whole. */
function into(text: string, word: string): string {
  const name = /^[A-Z_]+=/.exec(text)?.[0] ?? "";
  return /^([./]\S*|cache):\//.test(text) ? text : name + word;
}

const service: Tree = {
  image: "redis:8",
  user: "0",
  working_dir: "w",
  hostname: "h",
  domainname: "d",
  command: ["redis-server", "--requirepass", "a", "-x", "b"],
  entrypoint: ["sh", "-c", "c"],
  healthcheck: { test: ["CMD", "redis-cli", "-a", "p", "ping"], interval: "5s" },
  labels: { "traefik.http.middlewares.a.basicauth.users": "u", other: "v" },
  annotations: { "db.password": "v", note: "v" },
  environment: {
    PASSWORD: "a",
    API_KEY: "b",
    SENTRY_DSN: "c",
    DOCKER_HOST: "d",
    OTHER: "e",
    NODE_TLS_REJECT_UNAUTHORIZED: "0",
    NEO4J_AUTH: "f",
  },
  logging: { driver: "gelf", options: { "gelf-address": "a", "splunk-token": "b" } },
  security_opt: ["seccomp=unconfined", "label=disable"],
  cap_add: ["SYS_ADMIN"],
  dns: ["9.9.9.9"],
  extra_hosts: ["a:10.0.0.1"],
  sysctls: { "net.ipv4.ip_default_ttl": "64" },
  cgroup_parent: "c",
  pid: "host",
  ipc: "host",
  uts: "host",
  userns_mode: "host",
  cgroup: "host",
  devices: ["/dev/a:/dev/a"],
  restart: "on-failure:9",
  stop_signal: "SIGTERM",
  ports: ["0.0.0.0:53:53/udp"],
  volumes: ["./data:/data", "cache:/cache"],
  networks: ["back"],
};
const project: Tree = {
  services: {
    app: service,
    list: {
      image: "qdrant/qdrant:v1",
      environment: ["PASSWORD=a", "URL=b"],
      labels: ["A=b"],
      command: "run --password x",
    },
  },
  networks: { back: { driver: "bridge", driver_opts: { a: "b" } } },
  volumes: { cache: { driver: "local", driver_opts: { type: "cifs", o: "username=a,password=b", device: "//h/s" } } },
};

const stack: Tree[] = [
  ...goodStack(),
  resource("container", "bare", {
    ...goodContainer("postgres", "app_network"),
    name: "bare",
    user: "root",
    entrypoints: ["sh", "-c", "a"],
    command: ["--password", "b"],
    envs: ["PASSWORD=a", "DOCKER_HOST=b", "OTHER=c"],
    labels: [{ label: "auth.token", value: "a" }],
    uploads: [{ file: "/f.conf", content: "requirepass a" }],
    securityOpts: ["seccomp=unconfined"],
    capabilities: { adds: ["SYS_ADMIN"] },
    pidMode: "host",
    cgroupParent: "p",
    devices: [{ hostPath: "/dev/a" }],
    deviceCgroupRules: ["c 1:3 rwm"],
    gpus: "all",
    logDriver: "gelf",
    logOpts: { "gelf-address": "a" },
    restart: "no",
    ports: [{ internal: 5432, external: 80, ip: "10.0.0.1", protocol: "tcp" }],
  }),
  resource("provider", "engine", { host: "tcp://h:2375", certPath: "" }),
  resource("volume", "share", {
    name: "share",
    driver: "local",
    driverOpts: { type: "cifs", o: "password=a", device: "//h/s" },
  }),
  resource("docker:index/service:Service", "swarm", { name: "swarm" }),
] as unknown as Tree[];

/** Everything that is printed about the findings, in every format. */
function printed(input: AuditInput): string {
  const report = makeReport(input, evaluate(input.facts, config), activeRules(config.level));
  return [
    textReport(report),
    markdownReport(report),
    JSON.stringify(jsonReport(report)),
    JSON.stringify(sarifReport(report, "1")),
  ].join("\n");
}

/** What the program's own gate and the pack say. */
function said(resources: PulumiResource[], facts: Facts[]): string {
  const gate = new Gate(config);
  const lines = facts.flatMap((each) => Object.values(gate.admit(each)).flat()).map(({ message }) => message);
  const error = vi.spyOn(console, "error").mockImplementation((line) => void lines.push(String(line)));
  const report = (message: unknown) => void lines.push(String(message));
  const all = resources.map((each) => ({ ...each, opts: { ignoreChanges: [] }, getConfig: () => ({}) }));
  const pack = policies();
  for (const each of all)
    for (const policy of pack)
      if ("validateResource" in policy)
        [policy.validateResource]
          .flat()
          .map((validate) => validate?.(each as unknown as ResourceValidationArgs, report));
  for (const policy of pack)
    if ("validateStack" in policy)
      policy.validateStack({ resources: all, getConfig: () => ({}) } as unknown as StackValidationArgs, report);
  error.mockRestore();
  return lines.join("\n");
}

const folder = mkdtempSync(join(tmpdir(), "xnai-secrets-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, "compose.yml");
const numRuns = 60;

it("prints no secret of a compose file, wherever it stands", () => {
  fc.assert(
    fc.property(secret, shape, fc.array(fc.nat(80), { minLength: 1, maxLength: 30 }), (word, form, places) => {
      // A dollar sign alone would be interpolated.
      const value = form(word).replaceAll("$", "$$$$");
      writeFileSync(
        file,
        JSON.stringify(
          planted(
            project,
            (i) => places.includes(i),
            (text) => into(text, value),
          ),
        ),
      );
      let text: string;
      try {
        text = printed(collected(file));
      } catch (error) {
        text = String((error as Error).message);
      }
      expect(text).not.toContain(word);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
      expect(text.replace(/\u001b\[\d+m/g, "")).not.toMatch(/\u001b|\r/);
    }),
    { numRuns },
  );
});

it("prints no secret of a Pulumi resource, wherever it stands", () => {
  fc.assert(
    fc.property(secret, shape, fc.array(fc.nat(200), { minLength: 1, maxLength: 60 }), (word, form, places) => {
      const resources = stack.map((each) => {
        const { props, ...more } = each as unknown as PulumiResource;
        return {
          ...more,
          props: planted(
            props as Tree,
            (i) => places.includes(i),
            (text) => into(text, form(word)),
          ),
        };
      });
      const facts = resources.flatMap(factsOf);
      const text = printed({ title: "t", facts, notes: [], place: () => ({ file: "f", line: 1 }) });
      expect(text + said(resources, facts)).not.toContain(word);
    }),
    { numRuns },
  );
});

it("would find one that is printed", () => {
  const facts = resource("container", "S3cretNameZz", { name: "S3cretNameZz" });
  const text = printed({ title: "t", facts: factsOf(facts), notes: [], place: () => ({ file: "f", line: 1 }) });
  expect(text + said([facts], factsOf(facts))).toContain("S3cretNameZz");
});
