// Advice can be followed: each rule's own words are applied to a file that breaks it, and then the finding is gone, no other
// has come, and Compose reads the file.
import { chownSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { allRules } from "../../policies/rules/all.ts";
import { collected, composed } from "../ops/audit/compose/composed.ts";
import { digest, good, type Project, fileOf as plain, project, type Service } from "./support/project.ts";

/** Follows the advice of a message about `app`, in its own words. */
type Follow = (project: Project, advice: string) => void;

const app = ({ services }: Project): Service => services.app ?? {};
const list = (of: Service, key: string) => of[key] as unknown[];

/** `Write key: value[ and key: value]`: what stands before an alternative. */
const write: Follow = (before, advice) => {
  const [first = ""] = advice.split(/, or | \(/);
  const fragments = first.matchAll(/[a-z_]+: (?:"[^"]*"|\[[^\]]*\]|\{(?:[^{}]|\{[^{}]*\})*\}|[\w.:-]*\w)/g);
  const values = Object.assign({}, ...[...fragments].map(([text]) => parse(text)));
  expect(Object.keys(values).length, advice).toBeGreaterThan(0);
  if (!advice.includes("deploy.resources.limits")) return void Object.assign(app(before), values);
  const { memswap_limit: swap, ...limits } = values;
  const { resources } = app(before).deploy as { resources: { limits: object } };
  Object.assign(resources.limits, limits);
  if (swap !== undefined) app(before).memswap_limit = swap;
};

/** `Write "127.0.0.1:..." in ports[0]`. */
const binding: Follow = (before, advice) => {
  const [, value = "", i = ""] = /Write "([^"]+)" in ports\[(\d)\]/.exec(advice) ?? [];
  list(app(before), "ports")[Number(i)] = value;
};

/** `Remove ports[0]`, `Remove uts`, `Remove SYS_ADMIN`. */
const remove: Follow = (before, advice) => {
  const what = (/Remove ([\w.[\]:=-]+)/.exec(advice)?.[1] ?? "").replace(/\.$/, "");
  const [, key = "", i] = /^(\w+)(?:\[(\d)\])?/.exec(what) ?? [];
  const service = app(before);
  const inList = Object.entries(service).find(([, each]) => Array.isArray(each) && each.includes(what));
  const environment = service.environment as Record<string, string> | undefined;
  if (i !== undefined) list(service, key).splice(Number(i), 1);
  else if (key in service && key === what) delete service[key];
  else if (environment && what in environment) delete environment[what];
  else if (inList) service[inList[0]] = (inList[1] as unknown[]).filter((each) => each !== what);
  else throw new Error(`nothing to remove: ${advice}`);
};

/** `Set NAME=value`. */
const set: Follow = (before, advice) => {
  const [, name = "", value = ""] = /Set (\w+)=(\S+?)[.;]?( |$)/.exec(advice) ?? [];
  app(before).environment = { ...(app(before).environment as object), [name]: value };
};

/** Advice in prose, of which the test knows what it means. */
const prose =
  (words: string, change: (before: Project) => void): Follow =>
  (before, advice) => {
    expect(advice).toContain(words);
    change(before);
  };

const secretFile = prose("Put it into a file: secrets", (before) => {
  const service = app(before);
  for (const key of ["environment", "command", "labels", "annotations"]) delete service[key];
  service.secrets = ["password"];
  before.secrets = { password: { file: "./password.txt" } };
});
const ownNetwork =
  (internal: boolean): ((before: Project) => void) =>
  (before) => {
    before.networks = { ...before.networks, own: { internal } };
    app(before).networks = ["own"];
  };
const chownTask: (before: Project) => void = (before) => {
  before.services.prepare = {
    ...good,
    user: "0:0",
    restart: undefined,
    networks: undefined,
    dns: undefined,
    network_mode: "none",
    cap_add: ["CHOWN"],
    labels: { "io.xnai.owner": "1000:1000" },
    volumes: app(before).volumes,
  };
  app(before).depends_on = { prepare: { condition: "service_completed_successfully" } };
};

type Case = [rule: string, form: string, before: Project, follow: Follow];
const open = { ports: ["6379:6379"] };
const loopback = { ports: ["127.0.0.1:6379:6379"], command: ["redis-server", "/r.conf"] };
const front = { front: { driver_opts: { "com.docker.network.bridge.enable_ip_masquerade": "false" } } };
const frontOnly = { networks: ["front"], sysctls: { "net.ipv4.ip_default_ttl": "1" } };

const cases: Case[] = [
  ["port-bound-to-loopback", "no address", project(open), binding],
  ["port-bound-to-loopback", "udp below 1024", project({ ports: ["53:53/udp"] }), binding],
  ["port-bound-to-loopback", "a range", project({ ports: ["49152-49999:49152-49999/udp"] }), binding],
  ["port-bound-to-loopback", "a random port", project({ ports: ["6379"] }), binding],
  ["published-port-allowed", "another port", project({ ports: ["127.0.0.1:7000:7000"] }), remove],
  ["port-never-published", "Postgres", project({ ports: ["127.0.0.1:5432:5432"] }), remove],
  ["host-port-explicit", "none", project({ ports: ["127.0.0.1::6379"] }), binding],
  ["no-privileged-host-port", "below 1024", project({ ports: ["127.0.0.1:111:6379"] }), binding],
  ["no-ssh-port", "SSH", project({ ports: ["127.0.0.1:2222:22"] }), remove],
  [
    "host-port-unique",
    "the same",
    project(loopback, { services: { app: { ...good, ...loopback }, b: { ...good, ...loopback } } }),
    prose("another host port", (before) => {
      app(before).ports = ["127.0.0.1:6380:6379"];
    }),
  ],
  [
    "container-name-unique",
    "the same",
    {
      ...project({}),
      services: { app: { ...good, container_name: "one" }, b: { ...good, container_name: "one", profiles: ["p"] } },
    },
    prose("another name", (before) => {
      app(before).container_name = "two";
    }),
  ],
  ["network-named", "the default bridge", project({ networks: undefined, network_mode: "bridge" }), remove],
  [
    "network-not-on-lan",
    "macvlan",
    project({}, { networks: { back: { internal: true, driver: "macvlan" } } }),
    prose('Use driver: "bridge"', (before) => {
      before.networks = { back: { internal: true, driver: "bridge" } };
    }),
  ],
  [
    "network-no-masquerade",
    "a network like any",
    project({ sysctls: { "net.ipv4.ip_default_ttl": "1" } }, { networks: { back: {} } }),
    (before, advice) => {
      const [, fragment = ""] = /or (driver_opts: \{.*\}) if/.exec(advice) ?? [];
      before.networks = { back: parse(fragment) };
    },
  ],
  [
    "egress-allowed",
    "a network like any",
    project({ networks: ["front"] }, { networks: front }),
    (before, advice) => {
      const [, fragment = ""] = /write (sysctls: \{.*?\})/.exec(advice) ?? [];
      Object.assign(app(before), parse(fragment));
    },
  ],
  [
    "egress-allowed",
    "one that publishes",
    project({ ...loopback, networks: ["front"] }, { networks: front }),
    (before, advice) => {
      expect(advice).not.toContain("internal: true");
      Object.assign(app(before), parse(/rite (sysctls: \{.*?\})/.exec(advice)?.[1] ?? ""));
    },
  ],
  ["dns-not-forwarded", "the host's", project({ dns: undefined }), write],
  [
    "database-on-internal-network",
    "a network like any",
    project({ ...frontOnly, image: `postgres:18.1@${digest}` }, { networks: front }),
    prose("Write internal: true on that network", (before) => {
      before.networks = { front: { ...front.front, internal: true } };
    }),
  ],
  [
    "database-on-internal-network",
    "one that publishes",
    {
      services: {
        app: { ...good, ...frontOnly, image: `postgres:18.1@${digest}` },
        web: { ...good, ...frontOnly, ...loopback },
      },
      networks: front,
    },
    prose("give it a network of its own with internal: true".replace("give", "Give"), ownNetwork(true)),
  ],
  [
    "telemetry-off",
    "Qdrant",
    project({ image: `qdrant/qdrant:v1.17@${digest}`, healthcheck: { test: ["CMD", "true"] } }),
    set,
  ],
  ["telemetry-not-on", "a switch", project({ environment: { SEQUIN_TELEMETRY_DISABLED: "0" } }), set],
  ["telemetry-not-on", "tracing", project({ environment: { LANGSMITH_TRACING: "true" } }), set],
  ["telemetry-not-on", "an address", project({ environment: { SENTRY_DSN: "https://x.example/1" } }), remove],
  [
    "telemetry-known",
    "somebody's",
    project({ image: `acme/thing:1.2@${digest}` }),
    prose("silent of telemetry-known", (before) => {
      app(before).environment = { DO_NOT_TRACK: "1" };
    }),
  ],
  ["no-plain-secret", "a variable", project({ environment: { DB_PASSWORD: "not-in-any-list" } }), secretFile],
  [
    "no-default-password",
    "a variable",
    project({ environment: { DB_PASSWORD: "changeme" } }),
    prose("hand it over as a file: secrets", (before) => secretFile(before, "Put it into a file: secrets")),
  ],
  ["authentication-on", "Postgres", project({ environment: { POSTGRES_HOST_AUTH_METHOD: "trust" } }), set],
  ["authentication-on", "a switch", project({ environment: { WEBUI_AUTH: "false" } }), remove],
  [
    "authentication-on",
    "Redis, published",
    project({ ports: ["127.0.0.1:6379:6379"] }),
    prose("Mount a configuration file with requirepass, and start it with that file", (before) => {
      app(before).volumes = ["./redis.conf:/etc/redis.conf:ro"];
      app(before).command = ["redis-server", "/etc/redis.conf"];
    }),
  ],
  ["tls-verified", "Node", project({ environment: { NODE_TLS_REJECT_UNAUTHORIZED: "0" } }), remove],
  ["not-privileged", "privileged", project({ privileged: true }), remove],
  ["non-root-user", "none", project({ user: undefined }), write],
  ["non-root-user", "root", project({ user: "0:0" }), write],
  ["read-only-root", "writable", project({ read_only: undefined }), write],
  [
    "tmpfs-not-executable",
    "exec",
    project({ tmpfs: ["/tmp:size=16m,exec"] }),
    prose("Remove exec from tmpfs[0]", (before) => {
      app(before).tmpfs = ["/tmp:size=16m"];
    }),
  ],
  ["capabilities-dropped", "kept", project({ cap_drop: undefined }), write],
  ["capabilities-allowed", "too many", project({ cap_add: ["SYS_ADMIN"] }), remove],
  ["no-new-privileges", "not set", project({ security_opt: undefined }), write],
  ["kernel-confined", "seccomp", project({ security_opt: ["no-new-privileges:true", "seccomp=unconfined"] }), remove],
  ["kernel-confined", "a type", project({ security_opt: ["no-new-privileges:true", "label=type:spc_t"] }), remove],
  ["no-host-network", "the mode", project({ networks: undefined, network_mode: "host" }), remove],
  [
    "no-host-network",
    "the name",
    project({ networks: ["h"] }, { networks: { h: { external: true, name: "host" }, back: { internal: true } } }),
    (before, advice) => {
      expect(advice).toContain("or the network that is called host");
      app(before).networks = ["back"];
      delete before.networks?.h;
    },
  ],
  ["no-host-pid", "host", project({ pid: "host" }), remove],
  ["no-host-ipc", "host", project({ ipc: "host" }), remove],
  ["no-host-uts", "host", project({ uts: "host" }), remove],
  ["no-host-userns", "host", project({ userns_mode: "host" }), remove],
  ["no-host-cgroupns", "host", project({ cgroup: "host" }), remove],
  ["cgroup-default", "another", project({ cgroup_parent: "/x" }), remove],
  ["no-host-gateway", "a name", project({ extra_hosts: ["host.docker.internal:host-gateway"] }), remove],
  ["no-devices", "a device", project({ devices: ["/dev/dri:/dev/dri"] }), remove],
  ["no-docker-socket", "mounted", project({ volumes: ["/var/run/docker.sock:/var/run/docker.sock:ro"] }), remove],
  [
    "no-sensitive-host-path",
    "/etc",
    project({ volumes: ["/etc:/host:ro"] }),
    prose("Mount a named volume or a directory of its own instead", (before) => {
      app(before).volumes = ["./etc:/host:ro"];
    }),
  ],
  [
    "no-shared-propagation",
    "shared",
    project({ volumes: ["/srv/a:/a:ro,rshared"] }),
    prose("Remove it from volumes[0]", (before) => {
      app(before).volumes = ["/srv/a:/a:ro"];
    }),
  ],
  [
    "volume-written-by-one",
    "two",
    {
      ...project({}),
      services: {
        app: { ...good, user: undefined, volumes: ["data:/d"] },
        b: { ...good, user: undefined, volumes: ["data:/d"] },
      },
      volumes: { data: {} },
    },
    prose("Mount it read-only in all but one", (before) => {
      app(before).volumes = ["data:/d:ro"];
    }),
  ],
  [
    "no-private-relabel",
    "two",
    {
      ...project({}),
      services: { app: { ...good, volumes: ["./d:/d:ro,Z"] }, b: { ...good, volumes: ["./d:/d:ro"] } },
    },
    prose("Write :z instead of :Z in volumes[0]", (before) => {
      app(before).volumes = ["./d:/d:ro,z"];
    }),
  ],
  [
    "writable-mount-owned",
    "a volume for a user of one's own",
    project({ volumes: ["data:/d"] }, { volumes: { data: {} } }),
    prose("Add a service that chowns it first", chownTask),
  ],
  ["memory-limited", "none", project({ mem_limit: undefined, memswap_limit: undefined }), write],
  [
    "memory-limited",
    "beside others in deploy",
    project({
      mem_limit: undefined,
      memswap_limit: undefined,
      cpus: undefined,
      pids_limit: undefined,
      deploy: { resources: { limits: { cpus: "0.3", pids: 100 } } },
    }),
    write,
  ],
  ["cpu-limited", "none", project({ cpus: undefined }), write],
  [
    "cpu-limited",
    "beside others in deploy",
    project({
      cpus: undefined,
      mem_limit: undefined,
      pids_limit: undefined,
      deploy: { resources: { limits: { memory: "512m", pids: 100 } } },
    }),
    write,
  ],
  ["pids-limited", "none", project({ pids_limit: undefined }), write],
  [
    "pids-limited",
    "beside others in deploy",
    project({
      pids_limit: undefined,
      mem_limit: undefined,
      cpus: undefined,
      deploy: { resources: { limits: { memory: "512m", cpus: "1" } } },
    }),
    write,
  ],
  ["ulimits-set", "none", project({ ulimits: undefined }), write],
  ["restart-policy", "none", project({ restart: undefined }), write],
  ["health-checked", "none", project({ healthcheck: undefined }), write],
  ["health-check-runs", "curl", project({ healthcheck: { test: "curl -f http://localhost" } }), write],
  ["logs-bounded", "none", project({ logging: { driver: "none" } }), write],
  ["logs-bounded", "no size", project({ logging: undefined }), write],
  [
    "stops-gracefully",
    "at once",
    project({ user: undefined, stop_grace_period: "0s", volumes: ["data:/d"] }, { volumes: { data: {} } }),
    write,
  ],
  [
    "no-anonymous-volume",
    "anonymous",
    project({ user: undefined, volumes: ["/d"] }),
    prose("Give the volume a name in volumes[0]", (before) => {
      app(before).volumes = ["data:/d"];
      before.volumes = { data: {} };
    }),
  ],
  [
    "image-tagged",
    "latest",
    project({ image: "ghcr.io/acme/redis:latest" }),
    (before, advice) => {
      app(before).image = /as in (\S+)/.exec(advice)?.[1]?.replace("sha256:...", digest).replace(/\.$/, "");
    },
  ],
  [
    "image-pinned",
    "a registry of its own",
    project({ image: "ghcr.io/acme/redis:8.2.1" }),
    (before, advice) => {
      const [, end = "", name = ""] = /Append (@sha256:)\.\.\. to (\S+)\.$/.exec(advice) ?? [];
      expect(name).toBe("ghcr.io/acme/redis:8.2.1");
      app(before).image = `${name}${end}${"ab".repeat(32)}`;
    },
  ],
  [
    "registry-allowed",
    "somebody's",
    project({ image: `registry.example/redis:8.2.1@${digest}` }),
    prose("Use one of docker.io", (before) => {
      app(before).image = good.image;
    }),
  ],
  ["engine-encrypted", "a client", project({ environment: { DOCKER_HOST: "tcp://box:2375" } }), remove],
];

/** What no compose file can say, or what Compose itself gives no way to get wrong. */
const notInCompose = [
  "no-publish-all-ports",
  "image-managed",
  "no-ignored-changes",
  "everything-covered",
  "volume-retained",
  "own-credentials",
];

const files = { "redis.conf": "requirepass x\n", "password.txt": "x\n" };
const broken = (of: ReturnType<typeof collected>) => of.findings().filter(({ status }) => status === "violation");

describe.each(cases)("%s, %s", (rule, _form, before, follow) => {
  it("is gone when its advice is followed, and nothing else has come", () => {
    const found = broken(composed(plain(before), files));
    const mine = found.find((each) => each.rule.name === rule);
    expect(mine, found.map(({ message }) => message).join("\n")).toBeDefined();
    const copy = structuredClone(before);
    const advice = mine?.message.slice(mine.message.indexOf(". ") + 2) ?? "";
    follow(copy, advice);
    const names = (of: typeof found) => of.map((each) => each.rule.name);
    const after = names(broken(composed(plain(copy), files)));
    expect(after, plain(copy)).not.toContain(rule);
    expect(
      after.filter((each) => !names(found).includes(each)),
      plain(copy),
    ).toEqual([]);
  });
});

it("is tried for every rule that a compose file can break", () => {
  const rules = allRules.map(({ name }) => name);
  expect(new Set([...cases.map(([rule]) => rule), ...notInCompose])).toEqual(new Set(rules));
});

it.skipIf(process.getuid?.() !== 0)("never tells a service to be root for a directory of root's", () => {
  const { folder } = composed(plain(project({ user: undefined, volumes: ["./d:/d"] })), { "d/x": "" });
  chownSync(join(folder, "d"), 0, 0);
  const read = collected(join(folder, "docker-compose.yml"));
  const [mine] = read.broken("writable-mount-owned");
  expect(mine?.message).toContain(
    'Write user: "1000:1000", and give it the directory: sudo install -d -o 1000 -g 1000 ./d.',
  );
});
