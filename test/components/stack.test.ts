// The whole stack as the engine hears of it. `run` holds everything that is made here to every policy.
import { beforeAll, describe, expect, it } from "vitest";
import { parseConfig } from "../../components/config/parse.ts";
import { policyConfigOf } from "../../components/config/policy-config.ts";
import type { Stack } from "../../components/stack.ts";
import { configRole, label } from "../../lib/labels.ts";
import { containers, generated, type Program, type Registered, run } from "../support/program.ts";
import { publishablePorts, serviceNames } from "../support/services.ts";

async function stack(values: Record<string, unknown> = {}, options: { seed?: string; preview?: boolean } = {}) {
  const config = parseConfig(values);
  const build = async () => {
    const { Stack } = await import("../../components/stack.ts");
    return new Stack("stack", config);
  };
  return run(build, { ...options, policy: policyConfigOf(config) });
}

let program: Program;
let services: Registered[];
let jobs: Registered[];
const roleOf = ({ inputs }: Registered) =>
  ((inputs.labels ?? []) as { label: string; value: string }[]).find((each) => each.label === label.role)?.value;
const ofKind = (kind: string) => program.all.filter((each) => each.kind === kind);

beforeAll(async () => {
  program = await stack();
  services = containers(program).filter((each) => roleOf(each) === "service");
  jobs = containers(program).filter((each) => roleOf(each) === "job");
});

describe("the default stack", () => {
  it("has a container for each service, by the names that the documents give them", () => {
    expect(services.map(({ inputs }) => inputs.name).toSorted()).toEqual([
      "xnai_caddy",
      "xnai_consul",
      "xnai_qdrant",
      "xnai_redis",
      "xnai_vikunja",
      "xnai_vikunja_db",
    ]);
    expect(services.length + jobs.length).toBe(containers(program).length);
  });

  it("publishes what may be published, on loopback, and nothing else", () => {
    const published = services.flatMap(({ inputs }) => inputs.ports as { internal: number; ip: string }[]);
    expect(published.map(({ internal }) => internal).toSorted()).toEqual(
      Object.values(publishablePorts)
        .flatMap((ports) => Object.values(ports) as number[])
        .toSorted(),
    );
    for (const { ip } of published) expect(ip).toBe("127.0.0.1");
    for (const { inputs } of jobs) expect(inputs.ports ?? []).toEqual([]);
  });

  it("is the one in the configuration file, of the images by digest", () => {
    for (const { inputs } of ofKind("RemoteImage")) expect(inputs.name).toMatch(/@sha256:[0-9a-f]{64}$/);
    const known = ofKind("RemoteImage").map(({ inputs }) => inputs.name);
    for (const { inputs } of containers(program)) expect(known).toContain(inputs.image);
  });
});

describe("every component", () => {
  it("says what it is, in public values that no edit of the configuration changes", async () => {
    const inputsOf = ({ all }: Program) =>
      Object.fromEntries(
        all
          .filter(({ urn }) => /xnai:index:\w+::/.test(urn))
          .map(({ kind, name, inputs }) => [`${kind} ${name}`, inputs]),
      );
    const before = inputsOf(program);
    for (const inputs of Object.values(before)) expect(Object.keys(inputs).length).toBeGreaterThan(0);
    const edited = await stack({ services: { qdrant: false }, egress: ["redis"], rotate: { redisPassword: 1 } });
    for (const [component, inputs] of Object.entries(inputsOf(edited))) expect(inputs).toEqual(before[component]);
  });
});

describe("every container", () => {
  it("has what the provider would otherwise do wrong, or see as a change for ever", () => {
    for (const { name, inputs, ...options } of containers(program)) {
      const { memory, memorySwap, cpus, capabilities, healthcheck } = inputs as {
        memory: number;
        memorySwap: number;
        cpus: string;
        capabilities: { adds: string[]; drops: string[] };
        healthcheck: Record<string, unknown>;
      };
      expect(memorySwap, name).toBe(memory);
      expect(cpus, name).toMatch(/^(\d+\.\d+|\d{2,}\.)$/);
      expect(capabilities.drops, name).toEqual(["ALL"]);
      for (const added of capabilities.adds) expect(added, name).toMatch(/^CAP_/);
      expect(capabilities.adds, name).toEqual(capabilities.adds.toSorted());
      expect(healthcheck, name).toEqual({
        tests: expect.arrayContaining(["CMD"]),
        interval: expect.stringMatching(/^(\d+h)?(\d+m)?\d+(s|ms)$/),
        timeout: expect.stringMatching(/^(\d+h)?(\d+m)?\d+s$/),
        startPeriod: expect.stringMatching(/^(\d+h)?(\d+m)?\d+s$/),
        retries: expect.any(Number),
      });
      expect(inputs, name).toMatchObject({
        removeVolumes: false,
        securityOpts: ["no-new-privileges"],
        wait: true,
        waitTimeout: expect.any(Number),
        logDriver: "json-file",
      });
      // Read back by some engines as nothing, and so replaced by every up.
      expect(inputs, name).not.toHaveProperty("mounts");
      expect(options.deleteBeforeReplace, name).toBe(true);
      expect(options.replaceOnChanges, name).toContain("#initerror");
    }
  });

  it("asks no outside resolver and reaches no outside host, or has no network at all", () => {
    for (const { name, inputs } of containers(program)) {
      if (inputs.networkMode === "none") expect(inputs, name).not.toHaveProperty("networksAdvanced");
      else
        expect(inputs, name).toMatchObject({
          dns: ["127.0.0.1"],
          sysctls: { "net.ipv4.ip_default_ttl": "1" },
          networksAdvanced: expect.arrayContaining([expect.anything()]),
        });
      expect(inputs.networkMode ?? "bridge", name).toMatch(/^(none|bridge)$/);
    }
  });

  it("mounts volumes that the stack makes, each path once", () => {
    const volumes = ofKind("Volume").map(({ inputs }) => inputs.name);
    for (const { name, inputs } of containers(program)) {
      const mounted = inputs.volumes as { volumeName: string; containerPath: string }[];
      for (const { volumeName } of mounted) expect(volumes, name).toContain(volumeName);
      const paths = mounted.map(({ containerPath }) => containerPath);
      expect(new Set(paths).size, name).toBe(paths.length);
    }
  });

  it("is labelled as the stack's own", () => {
    for (const { name, inputs } of containers(program)) {
      const names = (inputs.labels as { label: string }[]).map((each) => each.label);
      expect(names, name).toEqual(names.toSorted());
      expect(inputs.labels, name).toContainEqual({ label: label.stack, value: "xnai" });
    }
  });
});

describe("every service", () => {
  it("is stopped in peace, and not by the kill that an unset time means", () => {
    for (const { name, inputs, replaceOnChanges } of services) {
      expect(inputs.destroyGraceSeconds, name).toBeGreaterThanOrEqual(10);
      expect(inputs.stopTimeout, name).toBe(inputs.destroyGraceSeconds);
      expect(replaceOnChanges, name).toEqual(
        expect.arrayContaining(["#initerror", "healthcheck", "tmpfs", "init", "destroyGraceSeconds"]),
      );
    }
  });

  it("reads only, is not root, gets no file of its own, and comes back after a crash", () => {
    for (const { name, inputs } of services) {
      expect(inputs, name).toMatchObject({
        readOnly: true,
        user: "1000:1000",
        restart: "always",
      });
      expect(inputs.uploads ?? [], name).toEqual([]);
      for (const mounted of inputs.volumes as { containerPath: string; readOnly: boolean }[])
        if (mounted.containerPath.startsWith("/run/xnai")) expect(mounted.readOnly, name).toBe(true);
    }
  });

  it("stops, is prepared and starts when its files change: it is replaced with the Job that has them", () => {
    for (const { name, replaceWith, dependsOn } of services) {
      const prepare = jobs.find((job) => replaceWith.includes(job.name) && job.name.endsWith("-prepare"));
      expect(prepare, name).toBeDefined();
      expect(dependsOn, name).toContain(prepare?.name);
    }
  });

  it("waits for its networks and its image", () => {
    for (const { name, inputs, dependsOn } of services) {
      const networks = inputs.networksAdvanced as { name: string; aliases: string[] }[];
      expect(dependsOn, name).toEqual(
        expect.arrayContaining(networks.map((network) => network.name.replace("xnai_", "").replace("network", "main"))),
      );
      for (const { aliases } of networks) expect(aliases, name).toHaveLength(1);
    }
  });
});

describe("every Job", () => {
  it("runs once, counts only when it is done, and is tried again after a failure", () => {
    for (const { name, inputs, createTimeout, hooks } of jobs) {
      expect(inputs, name).toMatchObject({ mustRun: false, restart: "no", waitTimeout: 600 });
      expect(createTimeout, name).toBe("660s");
      expect(Object.keys(hooks).toSorted(), name).toEqual(["afterCreate", "beforeCreate"]);
    }
  });

  it("is root only to prepare, and then without a network and with three capabilities", () => {
    for (const { name, inputs } of jobs) {
      const { adds } = inputs.capabilities as { adds: string[] };
      if (inputs.user === "0:0") {
        expect(inputs.networkMode, name).toBe("none");
        expect(adds, name).toEqual(["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER"]);
      } else {
        expect(inputs.user, name).toBe("1000:1000");
        expect(adds, name).toEqual([]);
      }
    }
  });

  it("is writable only when files are put into it", () => {
    for (const { name, inputs } of jobs) expect(inputs.readOnly, name).toBe((inputs.uploads as object[]).length === 0);
  });

  it("puts files into volumes only, readable by their owner only", () => {
    for (const { name, inputs } of jobs) {
      const mounts = (inputs.volumes as { containerPath: string }[]).map(({ containerPath }) => `${containerPath}/`);
      for (const { file, permissions } of inputs.uploads as { file: string; permissions: string }[]) {
        expect(
          mounts.some((path) => file.startsWith(path)),
          `${name} ${file}`,
        ).toBe(true);
        expect(permissions, `${name} ${file}`).toBe("0400");
      }
    }
  });
});

describe("data", () => {
  it("stays when the stack goes; configuration goes with it", () => {
    for (const each of ofKind("Volume")) expect(each.retainOnDelete, each.name).toBe(roleOf(each) !== configRole);
  });

  it("is not replaced for a label", () => {
    for (const { name, ignoreChanges } of ofKind("Volume")) expect(ignoreChanges, name).toContain("labels");
  });

  it("and its secrets are kept when a service is switched off", async () => {
    const off = Object.fromEntries(serviceNames.map((name) => [name, false]));
    const { all } = await stack({ services: off });
    const kept = all.filter(({ kind }) => kind === "Volume").map(({ inputs }) => inputs.name);
    const data = ofKind("Volume").filter((each) => roleOf(each) !== configRole);
    expect(kept).toEqual(expect.arrayContaining(data.map(({ inputs }) => inputs.name)));
    expect(
      all
        .filter(({ kind }) => kind === "RandomPassword")
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(
      ofKind("RandomPassword")
        .map(({ name }) => name)
        .toSorted(),
    );
    expect(all.filter(({ kind }) => kind === "Container")).toEqual([]);
  });

  it("is in directories when the configuration says so", async () => {
    const { all } = await stack({ storage: { root: "/srv/xnai" } });
    const paths = all
      .filter(({ kind }) => kind === "Container")
      .flatMap(({ inputs }) => inputs.volumes as { hostPath?: string; volumeName?: string }[]);
    expect(paths.map(({ hostPath }) => hostPath)).toEqual(
      expect.arrayContaining(["/srv/xnai/redis/data", "/srv/xnai/qdrant/storage"]),
    );
    for (const { hostPath, volumeName } of paths) expect([hostPath, volumeName].filter(Boolean)).toHaveLength(1);
    for (const each of all) if (each.kind === "Volume") expect(roleOf(each), each.name).toBe(configRole);
  });
});

describe("images", () => {
  it("stay on the engine when the stack goes", () => {
    for (const { name, inputs } of ofKind("RemoteImage")) expect(inputs.keepLocally, name).toBe(true);
  });
});

describe("secrets", () => {
  /** What anybody may see who looks at resources, containers or state. */
  const visible = ({ all }: Program) => all.map(({ kind, name, visible }) => ({ kind, name, visible }));
  /** Registration is concurrent: the order differs. */
  const sorted = (list: ReturnType<typeof visible>) =>
    list.toSorted((a, b) => `${a.kind} ${a.name}`.localeCompare(`${b.kind} ${b.name}`));

  it("are passwords: the ids of the other kinds are their values, in clear", () => {
    const kinds = new Set(program.all.map(({ kind }) => kind).filter((kind) => kind.startsWith("Random")));
    expect([...kinds]).toEqual(["RandomPassword"]);
  });

  it("change nothing that can be seen: not as they are, nor hashed, encoded or formatted", async () => {
    const other = await stack({}, { seed: "b" });
    expect(sorted(visible(other))).toEqual(sorted(visible(program)));
  });

  it("stand in files and nowhere else", () => {
    let files = 0;
    for (const { name, visible } of containers(program)) {
      const { uploads = [], ...rest } = visible as { uploads?: { content: string }[] };
      expect(JSON.stringify(rest), name).not.toContain('"secret"');
      files += uploads.filter(({ content }) => content === "secret").length;
      expect(uploads, `${name}: one secret must not hide the list from the policies`).not.toBe("secret");
    }
    expect(files).toBeGreaterThan(5);
  });

  it("are renewed by their own number alone", async () => {
    const { all } = await stack({ rotate: { redisPassword: 1 } });
    const keepers = all.flatMap(({ kind, name, inputs }) =>
      kind === "RandomPassword" ? [`${name} ${(inputs.keepers as { rotation: string }).rotation}`] : [],
    );
    expect(keepers.filter((line) => !line.endsWith(" 0"))).toEqual(["redisPassword 1"]);
  });

  it("are secret outputs of the stack", async () => {
    const { outputs } = program.result as Stack;
    const texts = program.all.flatMap(({ kind, name, inputs }) =>
      kind === "RandomPassword" ? [generated(name, inputs.length as number)] : [],
    );
    const open = Object.entries(outputs).filter(([, value]) => typeof value === "string");
    for (const [name, value] of open) expect(texts, name).not.toContain(value);
    const secret = Object.entries(outputs).filter(([name]) => /password|key|token/i.test(name));
    expect(secret.length).toBeGreaterThan(8);
    for (const [name, output] of secret)
      expect(await (output as unknown as { isSecret: Promise<boolean> }).isSecret, name).toBe(true);
  });
});

describe("networks", () => {
  const network = (name: string) => ofKind("Network").find(({ inputs }) => inputs.name === name)?.inputs;

  it("have no way out: internal, or a bridge without masquerade", () => {
    expect(network("xnai_web")).toMatchObject({ internal: true });
    expect(network("xnai_db")).toMatchObject({ internal: true });
    expect(network("xnai_network")?.options).toEqual({ "com.docker.network.bridge.enable_ip_masquerade": "false" });
    expect(ofKind("Network")).toHaveLength(3);
  });

  it("have one with a way out for what may use it, and only that is on it", async () => {
    const { all } = await stack({ egress: ["redis"] });
    expect(all.find(({ kind, name }) => kind === "Network" && name === "egress")?.inputs).toMatchObject({
      name: "xnai_egress",
    });
    const outside = all.filter(
      ({ kind, inputs }) =>
        kind === "Container" &&
        ((inputs.networksAdvanced ?? []) as { name: string }[]).some(({ name }) => name === "xnai_egress"),
    );
    expect(outside.map(({ name }) => name)).toEqual(["redis"]);
    expect(outside[0]?.inputs).not.toHaveProperty("dns");
    expect(outside[0]?.inputs).not.toHaveProperty("sysctls");
  });

  it("carry who has to talk to whom, and keep the rest apart", () => {
    const on = (name: string) =>
      services
        .filter(({ inputs }) => (inputs.networksAdvanced as { name: string }[]).some((each) => each.name === name))
        .map(({ name }) => name)
        .toSorted();
    expect(on("xnai_network")).toEqual(["caddy", "consul", "qdrant", "redis"]);
    expect(on("xnai_web")).toEqual(["caddy", "vikunja"]);
    expect(on("xnai_db")).toEqual(["postgres", "vikunja"]);
  });
});

describe("a stack of another shape", () => {
  it.each<[string, Record<string, unknown>]>([
    ["another prefix and owner", { prefix: "lab-2", owner: { uid: 4711, gid: 815 } }],
    ["HTTPS on a private address", { caddy: { tls: "internal" }, exposure: { caddy: { address: "192.168.1.2" } } }],
    ["nothing published", { exposure: { caddy: false, redis: false, consul: false, qdrant: false } }],
    ["images built on this machine", { images: { source: "local" } }],
    ["an owner per service", { owners: { redis: { uid: 999, gid: 999 }, qdrant: { uid: 10 } } }],
  ])("is within every rule: %s", async (_, values) => {
    const config = parseConfig(values);
    const { all } = await stack(values);
    for (const { kind, inputs } of all)
      if (["Container", "Network", "Volume"].includes(kind))
        expect(inputs.name).toMatch(new RegExp(`^${config.prefix}_[a-z_-]+$`));
  });

  it.each(serviceNames)("does without %s", async (name) => {
    const { all } = await stack({ services: { [name]: false, ...(name === "postgres" && { vikunja: false }) } });
    const names = all.filter(({ kind }) => kind === "Container").map((each) => each.name);
    expect(names).not.toContain(name);
    expect(names.length).toBeGreaterThan(5);
  });

  it("can be previewed: what the engine does not know yet breaks no rule", async () => {
    const { all } = await stack({}, { preview: true });
    expect(all.length).toBe(program.all.length);
  });
});
